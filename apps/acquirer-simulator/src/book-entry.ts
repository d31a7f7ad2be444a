/** What names a payment at this host: DE7, DE11 and DE37 of its 0200. */
export interface PaymentReference {
  readonly transmissionDateTime: string;
  readonly stan: string;
  readonly rrn: string;
}

/**
 * One line of the book. A reversal's line carries the reference of the sale it undoes. `tombstone` is a reversal that
 * came before its sale, or without one: the sale, should it come, is declined.
 */
export interface BookEntry extends PaymentReference {
  readonly type: 'sale' | 'reversal';
  /** DE48 of the request; empty where it had none. */
  readonly operationId: string;
  /** Minor units, without leading zeros. */
  readonly amountMinor: bigint;
  /** DE49 as it came: ISO 4217's number, 156 for CNY. */
  readonly currency: string;
  readonly responseCode: string;
  /** DE38; empty unless approved. */
  readonly authCode: string;
  readonly status: 'approved' | 'declined' | 'reversed' | 'tombstone';
}

export const bookHeader =
  '# type\toperation_id\trrn\tstan\ttransmission_mmddhhmmss_gmt\tamount_minor\tcurrency\tresponse_code\tauth_code\tstatus\n';

const linePattern =
  /^(sale|reversal)\t([ -~]*)\t([0-9A-Z]{12})\t(\d{6})\t(\d{10})\t(\d{1,12})\t(\d{3})\t([0-9A-Z]{2})\t([0-9A-Z]*)\t(approved|declined|reversed|tombstone)$/;

/** One line, its line feed included; ASCII only. Fields that are empty are written so. */
export function formatBookLine(entry: BookEntry): string {
  return (
    `${entry.type}\t${entry.operationId}\t${entry.rrn}\t${entry.stan}\t${entry.transmissionDateTime}\t${entry.amountMinor}` +
    `\t${entry.currency}\t${entry.responseCode}\t${entry.authCode}\t${entry.status}\n`
  );
}

/** The entry of one line without its line feed; undefined for a comment, an empty line or one that is not well-formed. */
export function parseBookLine(line: string): BookEntry | undefined {
  const match = linePattern.exec(line);
  if (match === null) return undefined;
  const [, type, operationId = '', rrn = '', stan = '', transmissionDateTime = '', amount = ''] = match;
  const [currency = '', responseCode = '', authCode = '', status] = match.slice(7);
  return {
    type: type as BookEntry['type'],
    operationId,
    rrn,
    stan,
    transmissionDateTime,
    amountMinor: BigInt(amount),
    currency,
    responseCode,
    authCode,
    status: status as BookEntry['status'],
  };
}

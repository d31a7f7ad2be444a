/** What names a payment at this host: DE7, DE11 and DE37 of its 0200. */
export interface PaymentReference {
  readonly transmissionDateTime: string;
  readonly stan: string;
  readonly rrn: string;
}

export const entryTypes = ['sale', 'authorization', 'capture', 'void', 'refund', 'reversal'] as const;

/**
 * One line of the book. A reversal's line carries the reference of the request it undoes. `tombstone` is a reversal that
 * came before its request, or without one: the request, should it come, is declined.
 */
export interface BookEntry extends PaymentReference {
  readonly type: (typeof entryTypes)[number];
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
  /** What a capture, void or refund is on. */
  readonly original?: PaymentReference;
}

export const bookHeader =
  '# type\toperation_id\trrn\tstan\ttransmission_mmddhhmmss_gmt\tamount_minor\tcurrency\tresponse_code\tauth_code\tstatus\toriginal_rrn_stan_transmission\n';

const linePattern =
  /^(sale|authorization|capture|void|refund|reversal)\t([ -~]*)\t([0-9A-Z]{12})\t(\d{6})\t(\d{10})\t(\d{1,12})\t(\d{3})\t([0-9A-Z]{2})\t([0-9A-Z]*)\t(approved|declined|reversed|tombstone)(?:\t([0-9A-Z]{12}) (\d{6}) (\d{10}))?$/;

/** One line, its line feed included; ASCII only. Fields that are empty are written so. */
export function formatBookLine(entry: BookEntry): string {
  return (
    `${entry.type}\t${entry.operationId}\t${entry.rrn}\t${entry.stan}\t${entry.transmissionDateTime}\t${entry.amountMinor}` +
    `\t${entry.currency}\t${entry.responseCode}\t${entry.authCode}\t${entry.status}${originalOf(entry)}\n`
  );
}

const originalOf = ({ original }: BookEntry): string =>
  original === undefined ? '' : `\t${original.rrn} ${original.stan} ${original.transmissionDateTime}`;

/** The entry of one line without its line feed; undefined for a comment, an empty line or one that is not well-formed. */
export function parseBookLine(line: string): BookEntry | undefined {
  const match = linePattern.exec(line);
  if (match === null) return undefined;
  const [, type, operationId = '', rrn = '', stan = '', transmissionDateTime = '', amount = ''] = match;
  const [currency = '', responseCode = '', authCode = '', status, ...of] = match.slice(7);
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
    ...parseOriginal(of),
  };
}

function parseOriginal([rrn, stan, transmissionDateTime]: readonly (string | undefined)[]): Pick<
  BookEntry,
  'original'
> {
  if (rrn === undefined || stan === undefined || transmissionDateTime === undefined) return {};
  return { original: { rrn, stan, transmissionDateTime } };
}

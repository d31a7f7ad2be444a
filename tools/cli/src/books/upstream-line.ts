import type { OutcomeEntry } from './entries.ts';
import { parseAmount } from './lines.ts';

/** First line of an upstream book: its columns, for the people who read it. */
export const upstreamHeader = '# operation_id\tamount_minor\tcurrency\tstatus\tresponse_code\tacquirer_id\trrn\tkind\n';

const empty = '-';
const shown = (field: string): string => (field === '' ? empty : field);
const read = (field = ''): string => (field === empty ? '' : field);

export const formatUpstreamLine = (entry: OutcomeEntry): string =>
  `${[entry.operationId, String(entry.amountMinor), ...[entry.currency, entry.status, entry.responseCode, entry.acquirerId, entry.rrn, entry.kind].map(shown)].join('\t')}\n`;

/** @throws Error that names the line when it is no entry */
export function parseUpstreamLine(line: string, where: string): OutcomeEntry {
  const [operationId = '', amount = '', currency, status, responseCode, acquirerId, rrn, kind] = line
    .trim()
    .split(/\s+/);
  return {
    operationId,
    amountMinor: parseAmount(amount, where),
    ...{ currency: read(currency), status: read(status), responseCode: read(responseCode) },
    ...{ acquirerId: read(acquirerId), rrn: read(rrn), kind: read(kind) },
  };
}

import { parseOriginalDataElements } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import type { RequestFacts } from './payments.ts';

/** What a 0200 asks for; undefined when an element is missing that it must have. */
export function parseSaleFacts({ fields }: Iso8583Message): RequestFacts | undefined {
  const { 4: amount, 7: transmissionDateTime, 11: stan, 37: rrn, 49: currency } = fields;
  if (amount === undefined || transmissionDateTime === undefined || stan === undefined) return undefined;
  if (rrn === undefined || currency === undefined) return undefined;
  return { transmissionDateTime, stan, rrn, currency, amountMinor: BigInt(amount), operationId: fields[48] ?? '' };
}

/** What a 0420 or 0421 asks for: the reference is that of the sale it undoes, from DE90 and DE37. */
export function parseReversalFacts(message: Iso8583Message): RequestFacts | undefined {
  const facts = parseSaleFacts(message);
  const original = message.fields[90];
  if (facts === undefined || original === undefined) return undefined;
  const { stan, transmissionDateTime } = parseOriginalDataElements(original);
  return { ...facts, stan, transmissionDateTime };
}

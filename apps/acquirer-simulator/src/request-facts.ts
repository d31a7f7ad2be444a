import { parseOriginalDataElements } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import type { RequestFacts, RequestKind } from './payments.ts';

/** True for the types that this host serves, by MTI, DE3 and DE25. */
export const isServed = (message: Iso8583Message): boolean => typeOf(message) !== undefined;

function typeOf({ mti, fields }: Iso8583Message): RequestKind['type'] | undefined {
  const { 3: processingCode = '000000', 25: condition = '00' } = fields;
  return requestTypes[`${mti.slice(0, 3)} ${processingCode} ${condition}`];
}

/** What kind of request this is; undefined where it is not served, or lacks what names its original. */
export function parseRequestKind(message: Iso8583Message): RequestKind | undefined {
  const type = typeOf(message);
  if (type === undefined) return undefined;
  return type === 'sale' || type === 'authorization' ? { type } : withOriginal(type, message);
}

const requestTypes: Readonly<Record<string, RequestKind['type'] | undefined>> = {
  '020 000000 00': 'sale',
  '010 030000 06': 'authorization',
  '020 000000 06': 'capture',
  '022 200000 00': 'refund',
  '020 200000 00': 'void',
  '010 200000 06': 'void',
  '020 200000 06': 'void',
};

/** The original's STAN and time are in DE90, its RRN in DE61. */
function withOriginal(type: RequestKind['type'], { fields }: Iso8583Message): RequestKind | undefined {
  const { 61: rrn, 90: elements } = fields;
  if (rrn === undefined || elements === undefined) return undefined;
  const { stan, transmissionDateTime } = parseOriginalDataElements(elements);
  return { type, original: { rrn, stan, transmissionDateTime } };
}

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

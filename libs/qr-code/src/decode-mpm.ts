import { crcOf } from './crc.ts';
import { checkField, missing } from './field-rules.ts';
import { refuse } from './qr-code-error.ts';
import { charactersOf, readFields, type TlvField } from './tlv.ts';

/** A merchant-presented code: its data objects in their order, unknown ones kept, without the checksum (tag 63). */
export interface MpmCode {
  readonly fields: readonly TlvField[];
}

const maxPayloadLength = 512;
const checksumLength = 8;

/**
 * Reads a merchant-presented code, strictly.
 * @throws QrCodeError that names the tag, the rule and the remedy
 */
export function decodeMpm(payload: string): MpmCode {
  const { length } = charactersOf(payload);
  if (length > maxPayloadLength) refuse('00', tooLong);
  checkChecksum(payload);
  const fields = readFields(payload);
  if (fields[0]?.tag !== '00') refuse('00', notFirst);
  if (fields.at(-1)?.tag !== '63') refuse('63', notLast);
  for (const field of fields) checkField(field);
  checkPresence(fields);
  return { fields: fields.slice(0, -1) };
}

/** The value of a data object, or of one within a template (`62.05`); null where the code has none. */
export function valueOf({ fields }: MpmCode, path: string): string | null {
  const [tag, within] = path.split('.');
  const value = fields.find((field) => field.tag === tag)?.value ?? null;
  if (value === null || within === undefined) return value;
  return readFields(value, `${tag}.`).find((field) => field.tag === within)?.value ?? null;
}

// Before anything else: nearly every damaged code is a code badly scanned.
function checkChecksum(payload: string): void {
  const checksum = /6304([0-9A-F]{4})$/.exec(payload)?.[1];
  if (checksum === undefined) refuse('63', notLast);
  if (checksum !== crcOf(payload.slice(0, 4 - checksumLength))) refuse('63', wrongChecksum);
}

function checkPresence(fields: readonly TlvField[]): void {
  const tags = new Set(fields.map(({ tag }) => tag));
  for (const tag of ['52', '53', '58', '59', '60']) if (!tags.has(tag)) refuse(tag, missing);
  if (!fields.some(({ tag }) => tag >= '02' && tag <= '51')) refuse('02', noAccount);
  const tip = fields.find(({ tag }) => tag === '55')?.value;
  for (const [indicator, tag] of [
    ['02', '56'],
    ['03', '57'],
  ] as const)
    if ((tip === indicator) !== tags.has(tag)) refuse(tag, tipMismatch);
}

const tooLong = {
  code: 'payload_too_long',
  rule: `a payload of at most ${maxPayloadLength} characters`,
  remedy: 'send the text of one code only',
};
const notFirst = {
  code: 'not_first',
  rule: 'the first data object of a merchant-presented code',
  remedy: 'check that a merchant-presented code was scanned; payment codes and links are other formats',
};
const notLast = {
  code: 'checksum_missing',
  rule: 'the last data object: 6304 and four hex digits in capitals',
  remedy: 'send the code as it was scanned, complete and unchanged',
};
const wrongChecksum = {
  code: 'checksum_wrong',
  rule: 'the CRC-16/CCITT-FALSE of everything before it',
  remedy: 'scan the code again',
};
const noAccount = {
  code: 'no_merchant_account',
  rule: 'one or more merchant accounts (tags 02 to 51)',
  remedy: 'have the code made anew by its issuer',
};
const tipMismatch = {
  code: 'tip_mismatch',
  rule: 'given with tag 55 of 02 (fixed, tag 56) or 03 (percentage, tag 57), and only then',
  remedy: 'have the code made anew by its issuer',
};

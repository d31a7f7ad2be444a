import { refuse } from './qr-code-error.ts';
import { readFields, type TlvField } from './tlv.ts';

/** What a value must be, by its tag (EMV QRCPS MPM 1.1, tables 3.2 to 3.8). */
interface FormatRule {
  readonly pattern: RegExp;
  readonly rule: string;
}

const text = (most: number): FormatRule => ({
  pattern: new RegExp(`^[ -~]{1,${most}}$`),
  rule: `1 to ${most} printable ASCII characters`,
});
// Letters of other scripts are what language templates are for.
const anyText = (most: number): FormatRule => ({
  pattern: new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'),
  rule: `1 to ${most} characters without control characters`,
});

const rootFormats: Readonly<Record<string, FormatRule>> = {
  '00': { pattern: /^01$/, rule: '01' },
  '01': { pattern: /^1[12]$/, rule: '11 (static) or 12 (dynamic)' },
  // UnionPay: acquirer and forwarding institution (8 digits each) and a merchant id of 15 characters.
  '15': { pattern: /^\d{16}[0-9A-Za-z]{15}$/, rule: '16 digits and 15 characters' },
  '52': { pattern: /^\d{4}$/, rule: 'a merchant category code of 4 digits' },
  '53': { pattern: /^\d{3}$/, rule: 'an ISO 4217 numeric code' },
  '54': {
    pattern: /^(?!0*\.?0*$)(?=.{1,13}$)\d+(\.\d*)?$/,
    rule: 'an amount above 0 of at most 13 characters, with a point for decimals',
  },
  '55': { pattern: /^0[123]$/, rule: '01, 02 or 03' },
  '56': { pattern: /^(?=.{1,13}$)\d+(\.\d*)?$/, rule: 'an amount of at most 13 characters' },
  '57': { pattern: /^(?!0*\.?0*$)\d{1,2}(\.\d{1,2})?$/, rule: 'a percentage from 00.01 to 99.99' },
  '58': { pattern: /^[A-Z]{2}$/, rule: 'an ISO 3166 country code of 2 letters' },
  '59': text(25),
  '60': text(15),
  '61': text(10),
  '63': { pattern: /^[0-9A-F]{4}$/, rule: 'four hex digits in capitals' },
};

const guid = text(32);
const label = text(25);
const additionalDataFormats: Readonly<Record<string, FormatRule>> = {
  ...Object.fromEntries(['01', '02', '03', '04', '05', '06', '07', '08'].map((tag) => [tag, label])),
  '09': { pattern: /^(?!.*(.).*\1)[AME]{1,3}$/, rule: 'each of A, M and E at most once' },
};
const languageFormats: Readonly<Record<string, FormatRule>> = {
  '00': { pattern: /^[A-Za-z]{2}$/, rule: 'an ISO 639 language code of 2 letters' },
  '01': anyText(25),
  '02': anyText(15),
};

const isBetween = (tag: string, first: string, last: string): boolean => tag >= first && tag <= last;

/** True for the tags whose value is a template of data objects of its own. */
export const isTemplate = (tag: string): boolean =>
  isBetween(tag, '26', '51') || tag === '62' || tag === '64' || isBetween(tag, '80', '99');

/**
 * Checks one data object of a code and, in a template, those within.
 * @throws QrCodeError
 */
export function checkField(field: TlvField): void {
  checkFormat(field, rootFormats[field.tag] ?? anyText(99), '');
  if (isTemplate(field.tag)) checkTemplate(field);
}

function checkTemplate({ tag, value }: TlvField): void {
  const above = `${tag}.`;
  const fields = readFields(value, above);
  const formats = formatsOf(tag);
  for (const field of fields) checkFormat(field, formats[field.tag] ?? anyText(99), above);
  const needed = tag === '62' ? [] : tag === '64' ? ['00', '01'] : ['00'];
  for (const one of needed) if (!fields.some((field) => field.tag === one)) refuse(above + one, missing);
}

function formatsOf(tag: string): Readonly<Record<string, FormatRule>> {
  if (tag === '62') return additionalDataFormats;
  return tag === '64' ? languageFormats : { '00': guid };
}

function checkFormat({ tag, value }: TlvField, { pattern, rule }: FormatRule, above: string): void {
  if (!pattern.test(value))
    refuse(above + tag, { code: 'format', rule, remedy: 'have the code made anew by its issuer' });
}

/** @internal */
export const missing = {
  code: 'tag_missing',
  rule: 'given in every code of this kind',
  remedy: 'have the code made anew by its issuer',
};

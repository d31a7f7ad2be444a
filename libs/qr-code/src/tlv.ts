import { refuse } from './qr-code-error.ts';

/** One data object: a tag of two digits and its value. Its length counts characters (Unicode code points), not bytes. */
export interface TlvField {
  readonly tag: string;
  readonly value: string;
}

const maxValueLength = 99;

/**
 * Reads the data objects of a code (`above` empty) or of a template.
 * @throws QrCodeError for a tag or length that is no two digits, a value cut short, an empty value, a tag given twice
 */
export function readFields(text: string, above = ''): TlvField[] {
  const { length: end, slice } = charactersOf(text);
  const fields: TlvField[] = [];
  for (let at = 0; at < end;) {
    const tag = slice(at, at + 2);
    if (!/^\d\d$/.test(tag)) refuse(above === '' ? `at ${at}` : above, malformedTag);
    const path = above + tag;
    const length = slice(at + 2, at + 4);
    if (!/^\d\d$/.test(length)) refuse(path, malformedLength);
    const next = at + 4 + Number(length);
    if (next === at + 4 || next > end) refuse(path, cutShort);
    if (fields.some((field) => field.tag === tag)) refuse(path, givenTwice);
    fields.push({ tag, value: slice(at + 4, next) });
    at = next;
  }
  return fields;
}

/**
 * Writes data objects one after the other.
 * @throws QrCodeError for a value that is empty or longer than 99 characters
 */
export function writeFields(fields: readonly TlvField[], above = ''): string {
  return fields
    .map(({ tag, value }) => {
      const { length } = charactersOf(value);
      if (length < 1 || length > maxValueLength) refuse(above + tag, badLength);
      return tag + String(length).padStart(2, '0') + value;
    })
    .join('');
}

interface Characters {
  readonly length: number;
  readonly slice: (from: number, to: number) => string;
}

/** @internal A text by its code points; nearly all codes have none beyond the 16 bits a string counts in. */
export function charactersOf(text: string): Characters {
  if (!/[\ud800-\udfff]/.test(text)) return { length: text.length, slice: (from, to) => text.slice(from, to) };
  const characters = Array.from(text);
  return { length: characters.length, slice: (from, to) => characters.slice(from, to).join('') };
}

const malformedTag = {
  code: 'tag_malformed',
  rule: 'a tag of two digits where a data object begins',
  remedy: 'check that the length of the object before it counts characters, not bytes',
};
const malformedLength = {
  code: 'length_malformed',
  rule: 'followed by a length of two digits',
  remedy: 'send the code as it was scanned, complete and unchanged',
};
const cutShort = {
  code: 'value_cut_short',
  rule: 'as many characters as its length says, at least one',
  remedy: 'send the code as it was scanned, complete and unchanged',
};
const givenTwice = {
  code: 'tag_given_twice',
  rule: 'given once',
  remedy: 'have the code made anew by its issuer: which of the two values counts is not defined',
};
const badLength = {
  code: 'length_out_of_range',
  rule: '1 to 99 characters',
  remedy: 'shorten the value, or leave the data object out',
};

/** Characters that mean something inside a Postgres array literal, and the bare word that means null there. */
const needsQuotes = /[",\\{}\s]|^null$/i;

/**
 * A Postgres array literal: `{a,"b c",NULL}`. The driver makes the same from an array, but quotes and escapes every element;
 * ids, digits and codes need neither, and a hot statement has dozens of such arrays.
 */
export function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  let literal = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) literal += ',';
    literal += typeof value === 'string' ? element(value) : value === null ? 'NULL' : String(value);
  }
  return literal + '}';
}

const element = (value: string): string =>
  value === '' || needsQuotes.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

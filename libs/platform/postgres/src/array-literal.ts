/** Characters that mean something inside a Postgres array literal, and the bare word that means null there. */
const needsQuotes = /[",\\{}\s]|^null$/i;

/**
 * A Postgres array literal: `{a,"b c",NULL}`. The driver makes the same from an array, but quotes and escapes every element;
 * ids, digits and codes need neither, and a hot statement has dozens of such arrays.
 */
export function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  // Joined at once: a literal that grows by its elements is a rope of as many pieces.
  return `{${values.map(elementOf).join(',')}}`;
}

function elementOf(value: string | number | bigint | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? element(value) : String(value);
}

const element = (value: string): string =>
  value === '' || needsQuotes.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

/** A table for people: a header, then rows; numbers are right-aligned. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? title))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber(cell) ? padStart : padEnd)(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

const isNumber = (cell: string): boolean => /^-?[\d,.]+( %| ms|\/s)?$/.test(cell);

/** Chinese characters take two columns of a terminal. */
const widthOf = (text: string): number => text.length + (text.match(/[\u2e80-\uffef]/g)?.length ?? 0);
const padEnd = (text: string, width: number): string => text + ' '.repeat(width - widthOf(text));
const padStart = (text: string, width: number): string => ' '.repeat(width - widthOf(text)) + text;

/** `1234567` as `1,234,567`. */
export const grouped = (count: number | bigint): string => count.toLocaleString('en-US');

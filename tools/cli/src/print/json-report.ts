import { writeFileSync } from 'node:fs';

/** Figures for machines. Money stays exact: a bigint is a number where a number holds it, digits in quotes beyond. */
export function writeReport(path: string, report: object): void {
  writeFileSync(path, `${toJson(report, 2)}\n`);
}

export const toJson = (value: object, indent = 0): string =>
  JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? exactNumber(field) : field), indent);

const exactNumber = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};

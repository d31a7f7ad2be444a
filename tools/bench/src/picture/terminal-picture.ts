import { grouped } from '@fourway/cli';
import { axisTo, highestRate, longestSeconds, timeUnitOf, type Picture, type PictureLine } from './picture.ts';

const columns = 72;
const rows = 14;
const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const marks: Readonly<Record<'stage' | 'rival', readonly string[]>> = { stage: ['o', '+'], rival: ['-'] };

/** The main line as an area of blocks, the others as marks in front of it. */
export function terminalPicture(picture: Picture): string {
  const rateAxis = axisTo(highestRate(picture), 5);
  const unit = timeUnitOf(longestSeconds(picture));
  const timeAxis = axisTo(longestSeconds(picture) / unit.seconds, 6);
  const scale = { seconds: timeAxis.end * unit.seconds, perSecond: rateAxis.end };
  const canvas = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  for (const line of picture.lines.filter(({ role }) => role === 'main')) fillArea(canvas, heightsOf(line, scale));
  const marked = marksOf(picture);
  for (const { line, mark } of marked) setMarks(canvas, heightsOf(line, scale), mark);
  const width = grouped(rateAxis.end).length;
  const body = canvas.map((cells, row) => `${labelOf(row, rateAxis.end).padStart(width)} │${cells.join('')}`);
  const blank = ' '.repeat(width);
  const legend = [
    ...picture.lines.filter(({ role }) => role === 'main').map(({ label }) => `█ ${label}`),
    ...marked.map(({ line, mark }) => `${mark} ${line.label}`),
  ];
  return [
    ...[picture.title, `${blank}  payments/s`, ...body, `${blank} └${'─'.repeat(columns)}`],
    ...[`${blank}  ${timeLabels(timeAxis.ticks, timeAxis.end)} ${unit.name}`, `${blank}  ${legend.join('   ')}`],
  ].join('\n');
}

interface Scale {
  readonly seconds: number;
  readonly perSecond: number;
}

/** Of each column the line's height in rows; null where it has no point yet or any more. */
function heightsOf({ points }: PictureLine, { seconds, perSecond }: Scale): (number | null)[] {
  const last = points.at(-1)?.seconds ?? 0;
  return Array.from({ length: columns }, (_, column) => {
    const [from, to] = [(column / columns) * seconds, ((column + 1) / columns) * seconds];
    const here = points.filter((point) => point.seconds >= from && point.seconds < to);
    const near = here.length > 0 ? here : points.filter((point) => point.seconds >= to).slice(0, 1);
    if (near.length === 0 || from > last) return null;
    return (near.reduce((sum, point) => sum + point.perSecond, 0) / near.length / perSecond) * rows;
  });
}

function fillArea(canvas: string[][], heights: readonly (number | null)[]): void {
  heights.forEach((height, column) => {
    for (let row = 0; row < rows; row += 1) {
      const filled = Math.min(1, Math.max(0, (height ?? 0) - (rows - 1 - row)));
      setCell(canvas, { row, column, text: eighths[Math.round(filled * 8)] ?? ' ' });
    }
  });
}

function setMarks(canvas: string[][], heights: readonly (number | null)[], mark: string): void {
  heights.forEach((height, column) => {
    if (height === null) return;
    const row = Math.min(rows - 1, Math.max(0, rows - 1 - Math.floor(height)));
    setCell(canvas, { row, column, text: mark });
  });
}

function setCell(canvas: string[][], { row, column, text }: { row: number; column: number; text: string }): void {
  const cells = canvas[row];
  if (cells !== undefined) cells[column] = text;
}

function marksOf({ lines }: Picture): { readonly line: PictureLine; readonly mark: string }[] {
  const used = { stage: 0, rival: 0 };
  return lines.flatMap((line) => {
    if (line.role === 'main') return [];
    const mark = marks[line.role][used[line.role]] ?? '*';
    used[line.role] += 1;
    return [{ line, mark }];
  });
}

const labelOf = (row: number, end: number): string =>
  row === 0 || row === Math.floor(rows / 2) ? grouped(Math.round((end * (rows - row)) / rows)) : '';

function timeLabels(ticks: readonly number[], end: number): string {
  let text = '';
  for (const tick of ticks) {
    const at = Math.round((tick / end) * columns);
    text = text.padEnd(Math.max(0, at - (tick === 0 ? 0 : 1))) + String(tick);
  }
  return text;
}

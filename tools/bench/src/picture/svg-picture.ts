import { grouped } from '@fourway/cli';
import { axisTo, highestRate, longestSeconds, timeUnitOf, type Picture, type PictureLine } from './picture.ts';
import { spreadLabels } from './spread-labels.ts';

const size = { width: 920, height: 452 } as const;
const plot = { left: 72, top: 92, right: 760, bottom: 392 } as const;
const ink = { text: '#333d47', faint: '#76818c', grid: '#e7eaed', axis: '#b4bcc4' } as const;
const stageColors = ['#b98a3e', '#4f8a83'] as const;
const looks = {
  main: { color: '#2f5d8a', width: 2.4, dash: '' },
  rival: { color: '#8b949d', width: 1.6, dash: '5 4' },
  stage: { width: 1.5, dash: '' },
} as const;
const labelGap = 17;
/** Lines that end nearer to the right side than this have their names beside the plot. */
const labelRoom = 130;

interface Scale {
  readonly x: (seconds: number) => number;
  readonly y: (perSecond: number) => number;
}

/** The picture as one SVG document that needs nothing else; readable on white, at any size. */
export function svgPicture(picture: Picture): string {
  const unit = timeUnitOf(longestSeconds(picture));
  const time = axisTo(longestSeconds(picture) / unit.seconds, 8);
  const rate = axisTo(highestRate(picture), 5);
  const scale: Scale = {
    x: (seconds) => plot.left + (seconds / (time.end * unit.seconds)) * (plot.right - plot.left),
    y: (perSecond) => plot.bottom - (perSecond / rate.end) * (plot.bottom - plot.top),
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text({ x: plot.left, y: 30, fill: ink.text, extra: 'font-size="17" font-weight="600"' }, picture.title),
    text({ x: plot.left, y: 50, fill: ink.faint, extra: '' }, picture.subtitle),
    ...rate.ticks.map((tick) => rateTick(tick, scale)),
    ...time.ticks.map((tick) => timeTick(tick, scale.x(tick * unit.seconds))),
    `<line x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}" stroke="${ink.axis}"/>`,
    text({ x: 14, y: plot.top - 14, fill: ink.faint, extra: '' }, 'payments/s'),
    text(
      { x: (plot.left + plot.right) / 2, y: plot.bottom + 40, fill: ink.faint, extra: 'text-anchor="middle"' },
      `${unit.name} since the first request`,
    ),
    ...drawn(picture.lines, scale),
    '</svg>',
    '',
  ].join('\n');
}

function rateTick(tick: number, { y }: Scale): string {
  const at = round(y(tick));
  const grid = `<line x1="${plot.left}" x2="${plot.right}" y1="${at}" y2="${at}" stroke="${ink.grid}"/>`;
  return (
    grid + text({ x: plot.left - 8, y: at + 4, fill: ink.faint, extra: 'text-anchor="end"' }, grouped(Math.round(tick)))
  );
}

const timeTick = (tick: number, at: number): string =>
  `<line x1="${round(at)}" x2="${round(at)}" y1="${plot.bottom}" y2="${plot.bottom + 5}" stroke="${ink.axis}"/>` +
  text({ x: round(at), y: plot.bottom + 19, fill: ink.faint, extra: 'text-anchor="middle"' }, String(round(tick)));

interface DrawnLine {
  readonly line: PictureLine;
  readonly color: string;
  /** Where it ends. */
  readonly x: number;
  readonly y: number;
}

/** The main line last, in front; each line is named where it ends, those that end at the right side by side. */
function drawn(lines: readonly PictureLine[], scale: Scale): string[] {
  const order = { rival: 0, stage: 1, main: 2 };
  const inOrder = lines
    .filter(({ points }) => points.length > 0)
    .toSorted((a, b) => order[a.role] - order[b.role])
    .map((line) => ({ line, color: colorOf(line, lines), ...endOf(line, scale) }));
  const atRight = inOrder.filter(({ x }) => x > plot.right - labelRoom);
  const ys = spreadLabels(
    atRight.map(({ y }) => y),
    { gap: labelGap, least: plot.top, most: plot.bottom },
  );
  return [
    ...inOrder.map(({ line, color }) => path(line, { color, scale })),
    ...atRight.map((each, i) => labelAtRight(each, ys[i] ?? 0)),
    ...inOrder.filter((each) => !atRight.includes(each)).map(labelAtEnd),
  ];
}

function endOf({ points }: PictureLine, { x, y }: Scale): { x: number; y: number } {
  const last = points.at(-1) ?? { seconds: 0, perSecond: 0 };
  return { x: round(x(last.seconds)), y: round(y(last.perSecond)) };
}

function path({ points, role }: PictureLine, { color, scale }: { color: string; scale: Scale }): string {
  const { width, dash } = looks[role];
  const d = points.map(({ seconds, perSecond }) => `${round(scale.x(seconds))},${round(scale.y(perSecond))}`).join(' ');
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<polyline points="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`;
}

function labelAtRight({ line, color, x, y }: DrawnLine, labelY: number): string {
  const lead = `<line x1="${x}" y1="${y}" x2="${plot.right + 10}" y2="${round(labelY)}" stroke="${color}" stroke-width="0.6" stroke-opacity="0.5"/>`;
  return lead + text({ x: plot.right + 14, y: round(labelY) + 4, fill: color, extra: weightOf(line) }, line.label);
}

/** With a white rim, since other lines may pass behind it. */
const labelAtEnd = ({ line, color, x, y }: DrawnLine): string =>
  text(
    {
      ...{ x: x + 7, y: Math.max(plot.top + 4, Math.min(plot.bottom - 6, y)), fill: color },
      extra: `${weightOf(line)} stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`,
    },
    line.label,
  );

const weightOf = ({ role }: PictureLine): string => (role === 'main' ? 'font-weight="600"' : '');

function colorOf({ role, label: name }: PictureLine, lines: readonly PictureLine[]): string {
  if (role !== 'stage') return looks[role].color;
  const place = lines.filter((line) => line.role === 'stage').findIndex((line) => line.label === name);
  return stageColors[place % stageColors.length] ?? ink.text;
}

interface TextLook {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly extra: string;
}

const text = ({ x, y, fill, extra }: TextLook, content: string): string =>
  `<text x="${x}" y="${y}" fill="${fill}" ${extra}>${escaped(content)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;
const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

import { grouped, tableOf, verdictOf } from '@fourway/cli';
import type { BenchReport } from './report.ts';
import { growthTables } from './print-growth.ts';
import { streamPicture } from './picture/stream-picture.ts';
import { terminalPicture } from './picture/terminal-picture.ts';
import type { StreamFigures } from './stream-figures.ts';

/** The configuration for people. */
export const printConfiguration = (report: Pick<BenchReport, 'commit' | 'machine' | 'engines'>): string =>
  tableOf(
    ['configuration', ''],
    [
      ['commit', report.commit],
      ...Object.entries(report.machine).map(([name, value]) => [name, String(value)]),
      ...Object.entries(report.engines).flatMap(([engine, settings]: [string, Readonly<Record<string, string>>]) =>
        Object.entries(settings).map(([name, value]) => [`${engine} ${name}`, value]),
      ),
    ],
  );

/** The figures for people, the verdict last. */
export const printFigures = (report: BenchReport, figures: StreamFigures): string =>
  [
    throughputTable(figures),
    terminalPicture(streamPicture(figures)),
    cpuTable('product: CPU per payment', figures.throughput.figures.cpuMicrosPerPayment),
    ...rivalCpu(figures),
    ...growthTables(figures.throughput.figures.growth),
    latencyTable(figures),
    waitsTable(figures),
    ...warningsOf(figures),
    verdict(report),
  ].join('\n\n');

function throughputTable({ throughput, rival }: StreamFigures): string {
  const ours = rateCells(throughput.figures);
  const theirs = rival ? rateCells(rival.throughput.figures) : ours.map(() => '-');
  const names = ['payments', 'seconds', 'payments/s', 'Postgres bytes per payment', 'payments/s by tenth'];
  const { participants, perSecondInTheMiddle, preloaded, answers, answeredAgain } = throughput.figures;
  return tableOf(
    ['B1 throughput', 'product', 'yardstick'],
    [
      ...names.map((name, row) => [name, ours[row] ?? '', theirs[row] ?? '']),
      ['payments/s, 20 % to 90 % of the rows', grouped(perSecondInTheMiddle), '-'],
      ['requests preloaded before the clock started', grouped(preloaded), 'all'],
      ...Object.entries(answers).map(([answer, count]) => [`outcomes: ${answer}`, grouped(count), '-']),
      ['outcomes published again', grouped(answeredAgain), '-'],
      ['seconds to load the directory', grouped(throughput.directory.seconds), '-'],
      ['seconds to copy hot data anew', grouped(Math.round(throughput.directory.rebuildSeconds)), '-'],
      ...Object.entries(participants).map(([name, count]: [string, number]) => [
        `distinct ${name}`,
        grouped(count),
        '-',
      ]),
    ],
  );
}

interface RateFigures {
  readonly payments: number;
  readonly seconds: number;
  readonly postgresBytesPerPayment: number;
  readonly perSecondByTenth: readonly number[];
}

const rateCells = ({ payments, seconds, postgresBytesPerPayment, perSecondByTenth }: RateFigures): string[] => [
  ...[grouped(payments), String(seconds), grouped(Math.round(payments / seconds)), grouped(postgresBytesPerPayment)],
  perSecondByTenth.map(grouped).join(' '),
];

const cpuTable = (title: string, micros: Readonly<Record<string, number>>): string =>
  tableOf(
    [title, 'µs'],
    Object.entries(micros).map(([name, value]) => [name, value.toFixed(1)]),
  );

function rivalCpu({ rival }: StreamFigures): string[] {
  if (rival === null) return [];
  const { cpuMicrosPerPayment, cpuMicrosTotal } = rival.throughput.figures;
  return [cpuTable('yardstick: CPU per payment', { ...cpuMicrosPerPayment, total: cpuMicrosTotal })];
}

function latencyTable({ latency, rival }: StreamFigures): string {
  const rows = [
    ['product', latency.figures.latencyMs] as const,
    ...(rival ? [['yardstick', rival.latency.figures.latencyMs] as const] : []),
  ];
  return tableOf(
    ['B3 latency, ms', 'p50', 'p90', 'p99', 'p99.9'],
    rows.map(([name, { p50, p90, p99, p999 }]) => [name, ...[p50, p90, p99, p999].map((ms) => ms.toFixed(1))]),
  );
}

const waitsTable = ({ latency }: StreamFigures): string =>
  tableOf(
    ['where a paced payment waits, ms', 'p50', 'p90', 'p99', 'p99.9'],
    Object.entries(latency.waits).map(([stage, { p50, p90, p99, p999 }]) => [
      stage,
      ...[p50, p90, p99, p999].map((ms) => ms.toFixed(1)),
    ]),
  );

function warningsOf({ rival }: StreamFigures): string[] {
  if (rival === null) return ['no --yardstick: nothing to hold the figures against'];
  const { strangeEngines, withoutRedis } = rival.throughput;
  return [
    ...(strangeEngines > 0
      ? [`! ${strangeEngines} engines of others run here: the yardstick's CPU figures are too high by theirs`]
      : []),
    ...(withoutRedis ? ['! the yardstick did not recognise this Redis: its CPU figures lack it'] : []),
  ];
}

function verdict({ results, books }: BenchReport): string {
  const parts = Object.entries(results).map(([name, { value, unit, met, ratio }]) => {
    const judged = met === null ? 'not judged' : met ? 'met' : 'NOT met';
    return `${name} ${grouped(value)} ${unit.split(',')[0] ?? ''}${ratio === undefined ? '' : ` (${ratio} of the yardstick's)`} ${judged}`;
  });
  return `bench: ${parts.join('; ')}; ${verdictOf(books)}`;
}

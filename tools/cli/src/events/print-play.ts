import { grouped, tableOf } from '../print/table.ts';
import { isComplete, type PlayReport } from './play-report.ts';

/** The run for people; without the verdict. */
export function printPlay(report: PlayReport): string {
  const { payments, latencyMs } = report;
  const counts = tableOf(
    ['payments', ''],
    [
      ...Object.entries(payments).map(([name, count]: [string, number]) => [wordsOf(name), grouped(count)]),
      ['dead-lettered (beside)', grouped(report.deadLettered)],
      ['outcomes per second', grouped(report.paymentsPerSecond)],
      ['latency p50', `${latencyMs.p50} ms`],
      ['latency p99', `${latencyMs.p99} ms`],
      ['latency p99.9', `${latencyMs.p999} ms`],
    ],
  );
  const groups = [
    groupTable('acquirer', report.byAcquirer),
    groupTable('operation', report.byOperation),
    groupTable('scenario', report.byScenario),
    groupTable('stimulus', report.byStimulus),
  ];
  const surprises = report.surprises.first
    .slice(0, 10)
    .map(
      ({ operationId, stimulus, expected, got }) => `! ${operationId} (${stimulus}): expected ${expected}, got ${got}`,
    );
  return [counts, ...groups, ...surprises].join('\n\n');
}

export function playVerdict(report: PlayReport): string {
  const { payments, undecided, surprises } = report;
  if (isComplete(report))
    return `all answered: ${grouped(payments.sent)} requests, ${grouped(payments.authorized)} authorized`;
  const first = undecided.missing[0]?.operationId ?? surprises.first[0]?.operationId ?? '-';
  return `NOT as expected: ${grouped(undecided.answers)} without an answer, ${grouped(surprises.count)} with another one, first ${first}`;
}

const statuses = ['approved', 'declined', 'reversed', 'expired', 'refused'] as const;

function groupTable(title: string, groups: Readonly<Record<string, object>>): string {
  const rows = Object.entries(groups).map(([name, group]) => {
    const counts = new Map<string, unknown>(Object.entries(group));
    return [name, ...statuses.map((status) => grouped(Number(counts.get(status) ?? 0)))];
  });
  return tableOf([title, ...statuses], rows);
}

const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

import { grouped, tableOf } from '@fourway/cli';
import { unableShare } from '../throughput/answers.ts';
import { stageNames } from './clusters.ts';
import type { Limit, StorageNeed } from './limits.ts';
import type { ScalingPoint } from './scaling-bench.ts';
import type { ScalingPrediction } from './simulate-day.ts';

/** Measured points for people: a column a count of replicas. */
export function printScaling(points: readonly ScalingPoint[]): string {
  const processes = Object.keys(points[0]?.throughput.cpuMicrosPerPayment ?? {});
  const row = (name: string, read: (point: ScalingPoint) => string): string[] => [name, ...points.map(read)];
  return tableOf(
    ['replicas of each stage', ...points.map(({ replicas }) => String(replicas))],
    [
      row('payments/s', ({ throughput }) => grouped(throughput.perSecond)),
      row('payments/s, 20 % to 90 %', ({ throughput }) => grouped(throughput.perSecondInTheMiddle)),
      ...processes.map((name) =>
        row(`CPU µs a payment: ${name}`, ({ throughput }) => (throughput.cpuMicrosPerPayment[name] ?? 0).toFixed(1)),
      ),
      ...stageNames.map((name) =>
        row(`CPU shares: ${name}`, ({ throughput }) => (throughput.cpuShareOfReplicas[name] ?? [1]).join(' ')),
      ),
      row('longest pause before a replica leaves, ms', ({ rebalance }) => grouped(rebalance.pauseBeforeMs)),
      row('longest pause when one leaves and comes back, ms', ({ rebalance }) => grouped(rebalance.longestPauseMs)),
      row('declined for want of time', ({ throughput }) => `${Math.round(unableShare(throughput.answers) * 100)} %`),
      row('books', ({ booksAgree }) => (booksAgree ? 'agree' : 'DIFFER')),
    ],
  );
}

/** Predictions for people, how far off they are first. */
export function printPrediction(
  { validation, sizing, scenarios }: ScalingPrediction,
  { limits, storage }: { limits: readonly Limit[]; storage: readonly StorageNeed[] },
): string {
  const { replicas, ...engines } = sizing;
  const sizes = {
    ...Object.fromEntries(stageNames.map((name) => [`replicas of ${name}`, replicas[name]])),
    ...engines,
  };
  return [
    tableOf(
      ['simulation against the measured machine', 'measured', 'predicted', 'off'],
      validation.map(({ what, measured, predicted, offPercent }) => [
        what,
        grouped(measured),
        grouped(predicted),
        `${offPercent} %`,
      ]),
    ),
    tableOf(
      ['a day of 800 M payments needs', ''],
      Object.entries(sizes).map(([name, count]) => [name, String(count)]),
    ),
    ...[scenarioTable(scenarios), utilisationTable(scenarios)],
    tableOf(
      ['a constant of today ends at', 'payments/s', 'because'],
      limits.map(({ constant, perSecond, because }) => [constant, grouped(perSecond), because]),
    ),
    tableOf(
      ['rows of such days', 'GB a day', 'TB kept'],
      storage.map(({ table, gigabytesADay, terabytesKept }) => [table, grouped(gigabytesADay), grouped(terabytesKept)]),
    ),
  ].join('\n\n');
}

const scenarioTable = (scenarios: ScalingPrediction['scenarios']): string =>
  tableOf(
    ['predicted', 'payments/s', 'outcome p50, ms', 'p99', 'ledger p50', 'p99', 'most waiting'],
    scenarios.map(({ name, perSecond, prediction: { latencyMs, mostWaiting } }) => {
      const [outcome, ledger] = [latencyMs['acquirer-routing'], latencyMs['settlement']];
      const cells = [outcome?.p50, outcome?.p99, ledger?.p50, ledger?.p99].map((ms) => grouped(Math.round(ms ?? NaN)));
      return [name, grouped(Math.round(perSecond)), ...cells, grouped(Math.max(...Object.values(mostWaiting)))];
    }),
  );

function utilisationTable(scenarios: ScalingPrediction['scenarios']): string {
  const names = Object.keys(scenarios[0]?.prediction.utilisation ?? {});
  return tableOf(
    ['predicted utilisation, %', ...scenarios.map(({ name }) => name)],
    names.map((name) => [
      name,
      ...scenarios.map(({ prediction }) => String(Math.round((prediction.utilisation[name] ?? 0) * 100))),
    ]),
  );
}

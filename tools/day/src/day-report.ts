import type { OrdersReport, PlayReport } from '@fourway/cli';
import { commit, machine } from './machine.ts';
import type { DayOptions, DayResult } from './run-day.ts';

/** `day.json`: the fields of design §9, and what helps to explain them. */
export function dayReport(
  { played, orders, cycle, filesAgree, books }: DayResult,
  { options, durationSeconds }: { options: DayOptions; durationSeconds: number },
): object {
  const { latencyMs, paymentsPerSecond, ...details } = played;
  return {
    ...{ commit: commit(), machine: machine(), options, durationSeconds },
    payments: paymentsOf(played, orders),
    ...{ latencyMs, paymentsPerSecond },
    byAcquirer: sumOf(played.byAcquirer, orders.byAcquirer),
    byScenario: sumOf(played.byScenario, orders.byScenario),
    cycle: { ...cycle, filesAgree },
    books,
    http: orders,
    playSeconds: details.durationSeconds,
    deadLettered: details.deadLettered,
    undecided: details.undecided,
    byStimulus: details.byStimulus,
    byOperation: details.byOperation,
    surprises: details.surprises,
  };
}

/** Requests for payments over both doors; `sent` is the sum of the others. */
export function paymentsOf({ payments }: PlayReport, { payments: ends, bothDoors }: OrdersReport): object {
  const counts = {
    authorized: payments.authorized + ends.approved,
    declined: payments.declined + ends.declined,
    reversed: payments.reversed + ends.reversed,
    expired: payments.expired + ends.expired,
    duplicatesAnswered: payments.duplicatesAnswered,
    refused: payments.refused + ends.refused + bothDoors.refused,
  };
  return { sent: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts };
}

type Groups = Readonly<Record<string, object>>;

function sumOf(one: Groups, other: Groups): Record<string, Record<string, number>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(names.map((name) => [name, sumOfCounts(one[name] ?? {}, other[name] ?? {})]));
}

function sumOfCounts(one: object, other: object): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of [...Object.entries(one), ...Object.entries(other)])
    sums[name] = (sums[name] ?? 0) + Number(count);
  return sums;
}

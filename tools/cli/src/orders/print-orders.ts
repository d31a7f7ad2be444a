import { grouped, tableOf } from '../print/table.ts';
import type { OrdersReport } from './orders-report.ts';

/** True when every order ended as it was made to. */
export const areOrdersComplete = ({ surprises, payments }: OrdersReport): boolean =>
  surprises.count === 0 && payments.pending === 0;

export function printOrders(report: OrdersReport): string {
  const { payments, latencyMs, bothDoors } = report;
  const counts = tableOf(
    ['orders over HTTP', ''],
    [
      ['orders', grouped(report.orders)],
      ...Object.entries(payments).map(([name, count]) => [name, grouped(count)]),
      ['never paid', grouped(report.unpaid)],
      ['repeats answered alike', grouped(report.replaysAnswered)],
      ['conflicts refused', grouped(report.conflictsRefused)],
      ['paid again through Kafka', `${grouped(bothDoors.sent)}, ${grouped(bothDoors.refused)} of them refused`],
      ['create p50, p99', `${latencyMs.create.p50} ms, ${latencyMs.create.p99} ms`],
      ['pay p50, p99', `${latencyMs.pay.p50} ms, ${latencyMs.pay.p99} ms`],
      ['merchant learns p50, p99', `${latencyMs.merchantLearns.p50} ms, ${latencyMs.merchantLearns.p99} ms`],
    ],
  );
  const surprises = report.surprises.first
    .slice(0, 10)
    .map(
      ({ merchantOrderNo, stimulus, expected, got }) =>
        `! ${merchantOrderNo} (${stimulus}): expected ${expected}, got ${got}`,
    );
  return [counts, ...surprises].join('\n\n');
}

export const ordersVerdict = (report: OrdersReport): string =>
  areOrdersComplete(report)
    ? `${grouped(report.orders)} orders over HTTP as expected`
    : `orders NOT as expected: ${grouped(report.surprises.count)} surprises, ${grouped(report.payments.pending)} without an outcome`;

import { isLoadRefusal, type Quotas } from '@fourway/payment';
import type { Counter, Histogram, Metrics } from '@fourway/platform-observability';
import type { RiskDecision } from '@fourway/risk';

/** What scoring reports, once a batch. */
export class ScoringMetrics {
  readonly #decisions: Counter<'verdict' | 'reason'>;
  readonly #refusals: Counter<'code'>;
  readonly #loadRefusals: Counter<'code' | 'upstream'>;
  readonly #quotas: Quotas;
  readonly #undecodable: Counter<'code'>;
  readonly #failures: Counter;
  readonly #batchSeconds: Histogram;
  readonly #rebuildSeconds: Histogram;

  /** @param quotas whose names are labels; every other upstream is `other` */
  constructor(metrics: Metrics, quotas: Quotas = new Map()) {
    this.#quotas = quotas;
    const labels = ['verdict', 'reason'] as const;
    this.#decisions = metrics.counter({
      name: 'switch_risk_decisions_total',
      help: 'Risk decisions by verdict and most severe reason',
      labels,
    });
    this.#refusals = metrics.counter({
      name: 'switch_refusals_total',
      help: 'Requests refused, by code',
      labels: ['code'],
    });
    this.#loadRefusals = metrics.counter({
      name: 'switch_load_refusals_total',
      help: 'New payments refused over a quota or for overload, by upstream (those without a quota: other)',
      labels: ['code', 'upstream'],
    });
    this.#undecodable = metrics.counter({
      name: 'switch_undecodable_records_total',
      help: 'Records set aside, by code',
      labels: ['code'],
    });
    this.#failures = metrics.counter({
      name: 'switch_hot_data_failures_total',
      help: 'Batches whose counters could not be read',
    });
    this.#batchSeconds = metrics.histogram({
      name: 'switch_risk_batch_seconds',
      help: 'From a batch handed over to its records acknowledged',
    });
    this.#rebuildSeconds = metrics.histogram({
      name: 'switch_hot_rebuild_seconds',
      help: 'Rebuilds of the card windows',
      buckets: [0.1, 0.5, 1, 5, 15, 60, 120, 300],
    });
  }

  decided(decisions: readonly RiskDecision[]): void {
    for (const [verdict, reason, count] of countBy(decisions, ({ verdict, reasons }) => [
      verdict,
      reasons[0] ?? 'none',
    ])) {
      this.#decisions.inc({ verdict, reason }, count);
    }
  }

  refused(refused: readonly { readonly code: string; readonly upstreamId: string }[]): void {
    for (const [code, , count] of countBy(refused, ({ code }) => [code, ''])) this.#refusals.inc({ code }, count);
    const forLoad = refused.filter(({ code }) => isLoadRefusal(code));
    const labels = countBy(forLoad, ({ code, upstreamId }) => [
      code,
      this.#quotas.has(upstreamId) ? upstreamId : 'other',
    ]);
    for (const [code, upstream, count] of labels) this.#loadRefusals.inc({ code, upstream }, count);
  }

  undecodable(codes: readonly string[]): void {
    for (const [code, , count] of countBy(codes, (code) => [code, ''])) this.#undecodable.inc({ code }, count);
  }

  batchDone(milliseconds: number): void {
    this.#batchSeconds.observe(milliseconds / 1_000);
  }

  hotDataFailed(): void {
    this.#failures.inc();
  }

  rebuilt(seconds: number): void {
    this.#rebuildSeconds.observe(seconds);
  }
}

function countBy<T>(items: readonly T[], labelsOf: (item: T) => [string, string]): [string, string, number][] {
  const counts = new Map<string, [string, string, number]>();
  for (const item of items) {
    const [first, second] = labelsOf(item);
    const key = `${first}/${second}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, [first, second, 1]);
    else count[2] += 1;
  }
  return [...counts.values()];
}

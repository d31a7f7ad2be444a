import type { Counter, Histogram, Metrics } from '@fourway/platform-observability';
import type { Entry } from './outcome-batch.ts';

const batchBuckets = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 4_000];

/** What posting reports, once a batch. */
export class PostingMetrics {
  readonly #facts: Counter<'result'>;
  readonly #unposted: Counter<'reason'>;
  readonly #batch: Histogram;
  readonly #stale: Counter;

  constructor(metrics: Metrics) {
    this.#facts = metrics.counter({
      name: 'switch_settlement_facts_total',
      help: 'Approved sales offered to the ledger: posted, or stored already',
      labels: ['result'],
    });
    this.#unposted = metrics.counter({
      name: 'switch_settlement_unposted_outcomes_total',
      help: 'Outcomes without a fact, by reason',
      labels: ['reason'],
    });
    this.#batch = metrics.histogram({
      name: 'switch_settlement_batch_facts',
      help: 'Facts offered in one posting',
      buckets: batchBuckets,
    });
    this.#stale = metrics.counter({
      name: 'switch_settlement_stale_cursors_total',
      help: 'Postings rolled back because another writer moved the cursor',
    });
  }

  posted({ offered, inserted }: { offered: number; inserted: number }): void {
    this.#facts.inc({ result: 'posted' }, inserted);
    if (offered > inserted) this.#facts.inc({ result: 'duplicate' }, offered - inserted);
    this.#batch.observe(offered);
  }

  stale(): void {
    this.#stale.inc();
  }

  counted(entries: readonly Entry[]): void {
    const counts = new Map<string, number>();
    for (const entry of entries) {
      if (entry.kind !== 'unposted' && entry.kind !== 'rejected') continue;
      const reason = entry.kind === 'unposted' ? entry.why : entry.reason.code;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of counts) this.#unposted.inc({ reason }, count);
  }
}

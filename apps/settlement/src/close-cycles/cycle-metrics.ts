import type { Counter, Gauge, Metrics } from '@fourway/platform-observability';

/** What closing reports. */
export class CycleMetrics {
  readonly #closing: Gauge;
  readonly #closed: Counter;
  readonly #files: Counter;
  readonly #filing: Gauge;

  constructor(metrics: Metrics) {
    this.#closing = metrics.gauge({
      name: 'switch_cycle_closing_seconds',
      help: 'Since the first cut mark of a business date whose cycle has not closed; grows while a mark is missing',
    });
    this.#closed = metrics.counter({ name: 'switch_cycles_closed_total', help: 'Cycles this replica has closed' });
    this.#files = metrics.counter({
      name: 'switch_settlement_files_total',
      help: 'Settlement files this replica has written',
    });
    this.#filing = metrics.gauge({
      name: 'switch_settlement_filing_seconds',
      help: 'How long the files of the last cycle took',
    });
  }

  closing(seconds: number): void {
    this.#closing.set(seconds);
  }

  closed(): void {
    this.#closed.inc();
  }

  filed(files: number, seconds: number): void {
    this.#files.inc(files);
    this.#filing.set(seconds);
  }
}

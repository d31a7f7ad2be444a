import type { Clock } from '@fourway/kernel';
import type { Logger, Metrics } from '@fourway/platform-observability';
import type { Database } from '@fourway/platform-postgres';

export interface ImbalanceGaugeOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A scrape within this time of the last sum gets that sum again. */
  readonly cacheMs?: number;
}

/**
 * `switch_ledger_imbalance_minor_units`: the sum of all balances, which must be 0. Summing reads every balance (0.1 s a million),
 * so a scrape shows the last sum and starts the next one when that is old; the full replay is the view `imbalance`.
 */
export class ImbalanceGauge {
  readonly #options: Required<ImbalanceGaugeOptions>;
  #sums: ReadonlyMap<string, number> = new Map();
  #startedAtMs = -Infinity;

  constructor(options: ImbalanceGaugeOptions) {
    this.#options = { cacheMs: 60_000, ...options };
    options.metrics.gauge(
      {
        name: 'switch_ledger_imbalance_minor_units',
        help: 'Sum of all balances; anything but 0 is a defect',
        labels: ['currency'],
      },
      (gauge) => {
        for (const [currency, sum] of this.#sums) gauge.set({ currency }, sum);
        this.#refreshWhenOld();
      },
    );
  }

  async refresh(): Promise<void> {
    const rows = await this.#options.database.query({
      name: 'imbalance-sum',
      text: 'select currency, sum(amount) from balance group by currency',
      values: [],
    });
    // A gauge is a float by nature; the ledger's own arithmetic never is.
    this.#sums = new Map(rows.map(([currency, sum]) => [String(currency), Number(sum)]));
  }

  #refreshWhenOld(): void {
    const { clock, cacheMs, logger } = this.#options;
    if (clock.nowMs() - this.#startedAtMs < cacheMs) return;
    this.#startedAtMs = clock.nowMs();
    this.refresh().catch((error: unknown) => logger.warn({ err: error }, 'balances not summed'));
  }
}

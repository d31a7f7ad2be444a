import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bounded label sets only: never a merchant, an operation or a card. */
export interface MetricOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The metrics of one process, in Prometheus text. Names carry the prefix `switch_` and the unit.
 * Observe per batch, not per message: every observation hashes its labels.
 */
export class Metrics {
  readonly #registry = new Registry();

  constructor(service: string) {
    this.#registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 20 });
  }

  counter<L extends string>({ name, help, labels = [] }: MetricOptions<L>): Counter<L> {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] });
  }

  /** @param read called at each scrape; sets the gauge it is given */
  gauge<L extends string>({ name, help, labels = [] }: MetricOptions<L>, read?: (gauge: Gauge<L>) => void): Gauge<L> {
    const gauge: Gauge<L> = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      ...(read === undefined ? {} : { collect: () => read(gauge) }),
    });
    return gauge;
  }

  /** Seconds, in fourteen buckets from 1 ms to 10 s unless given. */
  histogram<L extends string>({
    name,
    help,
    labels = [],
    buckets = latencyBuckets,
  }: MetricOptions<L> & { buckets?: number[] }): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this.#registry] });
  }

  /** The exposition text of a scrape. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

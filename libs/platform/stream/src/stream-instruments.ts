import type { Metrics } from '@fourway/platform-observability';
import type { ConsumerStatistics, StreamMetrics } from './stream-metrics.ts';

interface Watched {
  statistics(): ConsumerStatistics;
}

/** The stream metrics of one process, for all its consumers, labelled by group. Gauges are read at scrape time. */
export class StreamInstruments {
  readonly #consumers = new Map<string, Watched>();
  readonly #counts;
  readonly #batchRecords;
  readonly #batchSeconds;

  constructor(metrics: Metrics) {
    this.#counts = metrics.counter({
      name: 'switch_stream_events_total',
      help: 'What happened to a consumer, by kind',
      labels: ['group', 'event'],
    });
    this.#batchRecords = metrics.histogram({
      name: 'switch_stream_batch_records',
      help: 'Records handed to a handler at once',
      labels: ['group'],
      buckets: [1, 3, 10, 30, 100, 300, 1_000, 2_000, 4_000],
    });
    this.#batchSeconds = metrics.histogram({
      name: 'switch_stream_batch_seconds',
      help: 'Time a handler took for a batch',
      labels: ['group'],
    });
    this.#addGauges(metrics);
  }

  /** To be given to the consumer of `group`. */
  for(group: string): StreamMetrics {
    return {
      batchHandled: (records, durationMs) => {
        this.#batchRecords.observe({ group }, records);
        this.#batchSeconds.observe({ group }, durationMs / 1_000);
      },
      count: (event) => {
        this.#counts.inc({ group, event });
      },
    };
  }

  watch(group: string, consumer: Watched): void {
    this.#consumers.set(group, consumer);
  }

  #addGauges(metrics: Metrics): void {
    const each = (read: (group: string, statistics: ConsumerStatistics) => void): void => {
      for (const [group, consumer] of this.#consumers) read(group, consumer.statistics());
    };
    const byPartition = ['group', 'topic', 'partition'] as const;
    metrics.gauge({ name: 'switch_stream_lag_records', help: 'Records not done yet', labels: byPartition }, (gauge) => {
      gauge.reset();
      each((group, { partitions }) => {
        for (const { topic, partition, lagRecords } of partitions) gauge.set({ group, topic, partition }, lagRecords);
      });
    });
    metrics.gauge(
      {
        name: 'switch_stream_partition_refused',
        help: '1: position outside the log, not read; an operator decides',
        labels: byPartition,
      },
      (gauge) => {
        gauge.reset();
        each((group, { partitions }) => {
          for (const { topic, partition, refused } of partitions)
            gauge.set({ group, topic, partition }, refused ? 1 : 0);
        });
      },
    );
    metrics.gauge(
      { name: 'switch_stream_open_records', help: 'Records admitted and not done', labels: ['group'] },
      (gauge) => {
        each((group, { openRecords }) => {
          gauge.set({ group }, openRecords);
        });
      },
    );
    metrics.gauge(
      {
        name: 'switch_stream_last_progress_timestamp_seconds',
        help: 'When an offset last advanced',
        labels: ['group'],
      },
      (gauge) => {
        each((group, { lastProgressMs }) => {
          gauge.set({ group }, lastProgressMs / 1_000);
        });
      },
    );
  }
}

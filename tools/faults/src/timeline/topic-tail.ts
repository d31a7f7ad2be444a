import { sleep } from '@fourway/kernel';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';

export interface TopicTailOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly onRecord: (record: StreamRecord) => void;
}

const againAfterMs = 300;

/** Reads a topic from its first record and goes on until stopped, through restarts of the broker; each record once. */
export class TopicTail {
  readonly #options: TopicTailOptions;
  readonly #next = new Map<number, bigint>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: TopicTailOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { brokers, topic } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const from = [...this.#next].map(([partition, offset]) => ({ topic, partition, offset }));
      try {
        const onRecords = (records: readonly StreamRecord[]): void => this.#take(records);
        await readTopic({
          ...{ brokers, topic, from, onRecords, signal },
          clientId: 'fourway-faults',
          follow: true,
          outlivesBroker: false,
        });
      } catch {
        // The broker is one of the things this lab kills.
        await sleep(againAfterMs);
      }
    }
  }

  #take(records: readonly StreamRecord[]): void {
    for (const record of records) {
      if (record.offset < (this.#next.get(record.partition) ?? 0n)) continue;
      this.#next.set(record.partition, record.offset + 1n);
      this.#options.onRecord(record);
    }
  }
}

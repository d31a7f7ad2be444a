import { sleep } from '@fourway/kernel';
import type { Logger } from '@fourway/platform-http';
import { endOffsets, readTopic, type KafkaConnection, type StreamRecord } from '@fourway/platform-stream';

interface Options {
  readonly connection: KafkaConnection;
  readonly topics: readonly string[];
  readonly onRecords: (records: readonly StreamRecord[]) => Promise<void>;
  /** Resolves when it is worth reading on. */
  readonly pace: () => Promise<void>;
  /** Records may have been missed: whoever waits should look again. */
  readonly onGap: () => void;
  readonly logger: Logger;
}

const restartAfterMs = 1_000;

/** Reads topics from their present end on, without a group that outlives this process and without offsets: for callers that wait here. */
export class OutcomeFollower {
  readonly #options: Options;
  readonly #stop = new AbortController();
  #following: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Resolves when every record from now on will be seen. */
  async start(): Promise<void> {
    const begun = await Promise.all(
      this.#options.topics.map(async (topic) => [topic, await this.#end(topic)] as const),
    );
    this.#following = Promise.all(begun.map(([topic, from]) => this.#follow(topic, from)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  #end(topic: string): ReturnType<typeof endOffsets> {
    return endOffsets({ ...this.#options.connection, topic });
  }

  async #follow(topic: string, first: Awaited<ReturnType<typeof endOffsets>>): Promise<void> {
    const { connection, onRecords, pace, onGap, logger } = this.#options;
    const { signal } = this.#stop;
    let from = first;
    while (!signal.aborted) {
      try {
        await readTopic({
          ...connection,
          topic,
          from,
          follow: true,
          pace,
          signal,
          onRecords: (records) => onRecords(records),
        });
      } catch (error) {
        logger.warn({ err: error, topic }, 'not followed for waiting callers; starting again');
        await sleep(restartAfterMs);
        from = await this.#end(topic).catch(() => from);
        onGap();
      }
    }
  }
}

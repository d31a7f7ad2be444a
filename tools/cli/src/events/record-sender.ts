import { sleep } from '@fourway/kernel';
import { SendFailedError, type EventMessage, type EventProducer } from '@fourway/platform-stream';

const retryEveryMs = 250;

/** Sends in the order of calls and keeps it when a send fails: the next records wait until the failed ones are acknowledged. */
export class RecordSender {
  readonly #producer: EventProducer;
  readonly #topic: string;
  readonly #giveUpMs: number;
  #waiting: EventMessage[] = [];
  #sending: Promise<void> | undefined;
  #failure: Error | undefined;

  /** @param giveUpMs how long one record may go unacknowledged before the run fails */
  constructor(producer: EventProducer, topic: string, giveUpMs: number) {
    this.#producer = producer;
    this.#topic = topic;
    this.#giveUpMs = giveUpMs;
  }

  send(messages: readonly EventMessage[]): void {
    // A drain that finds nothing ends within this call, and would be taken for one that still runs.
    if (messages.length === 0) return;
    for (const message of messages) this.#waiting.push(message);
    this.#sending ??= this.#drain();
  }

  /** Records that are not acknowledged yet. */
  get isIdle(): boolean {
    return this.#sending === undefined;
  }

  /** Resolves when all is acknowledged. @throws what the last try threw, when records were given up */
  async flush(): Promise<void> {
    await this.#sending;
    this.assertHealthy();
  }

  /** @throws what the last try threw, when records were given up */
  assertHealthy(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        await this.#sendSurely(batch);
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#sending = undefined;
    }
  }

  async #sendSurely(batch: readonly EventMessage[]): Promise<void> {
    const untilMs = performance.now() + this.#giveUpMs;
    for (;;) {
      try {
        await this.#producer.send(this.#topic, batch);
        return;
      } catch (error) {
        if (!(error instanceof SendFailedError && error.retryable) || performance.now() > untilMs) throw error;
        await sleep(retryEveryMs);
      }
    }
  }
}

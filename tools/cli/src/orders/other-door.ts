import {
  decodeRefusal,
  encodeOperationRequested,
  topics,
  type OperationRequest,
  type Refusal,
} from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { EventProducer, readTopic } from '@fourway/platform-stream';
import { RandomSequence, streamRequestOf, type HttpOrder } from '@fourway/world';

const randomStream = 77;
const pollMs = 500;

/** Sends merchant orders through the Kafka door too, under operation ids of their own, and finds out what became of them. */
export class OtherDoor {
  readonly #brokers: readonly string[];
  readonly #producer: EventProducer;
  readonly #random: RandomSequence;
  readonly #sent = new Map<string, HttpOrder>();

  constructor(brokers: readonly string[], seed: number) {
    this.#brokers = brokers;
    this.#producer = new EventProducer({ brokers, clientId: 'fourway-orders' });
    this.#random = new RandomSequence(seed, randomStream);
  }

  get sent(): number {
    return this.#sent.size;
  }

  async start(): Promise<void> {
    await this.#producer.connect();
  }

  async send(order: HttpOrder): Promise<void> {
    const request: OperationRequest = streamRequestOf(order, { nowMs: Date.now(), random: this.#random });
    this.#sent.set(request.eventId, order);
    await this.#producer.send(topics.requested.name, [
      { key: request.rootId, value: encodeOperationRequested(request) },
    ]);
  }

  /** The refusals of what was sent; waits until each is refused or the time is over. */
  async refusals(waitMs: number): Promise<ReadonlyMap<HttpOrder, Refusal>> {
    const untilMs = performance.now() + waitMs;
    for (;;) {
      const refused = await this.#readRefusals();
      if (refused.size >= this.#sent.size || performance.now() > untilMs) return refused;
      await sleep(pollMs);
    }
  }

  async stop(): Promise<void> {
    await this.#producer.disconnect();
  }

  async #readRefusals(): Promise<Map<HttpOrder, Refusal>> {
    const refused = new Map<HttpOrder, Refusal>();
    if (this.#sent.size === 0) return refused;
    await readTopic({
      ...{ brokers: this.#brokers, clientId: 'fourway-orders', topic: topics.refused.name },
      onRecords: (records) => {
        for (const { key, value } of records) {
          const order = this.#sent.get(key?.toString() ?? '');
          if (order !== undefined && value !== null) refused.set(order, decodeRefusal(value));
        }
      },
    });
    return refused;
  }
}

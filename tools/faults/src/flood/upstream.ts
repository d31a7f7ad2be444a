import { brokersOf } from '@fourway/cli';
import { decodeOperationRequested, topics, type OperationRequest } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { EventProducer } from '@fourway/platform-stream';
import { plainMix, traffic, type TrafficItem } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';

export interface UpstreamOptions {
  readonly upstreamId: string;
  readonly seed: number;
}

/** A record as it was sent. */
export interface SentSale {
  readonly operationId: string;
  readonly key: string;
  readonly value: Buffer;
}

const tickMs = 5;
const burst = 1_000;
/** More than any run sends. */
const endless = 100_000_000;
const cards = 2_000_000;

/** An upstream service of the lab's own that sends sales, at a rate or as fast as it can. */
export class Upstream {
  readonly #producer: EventProducer;
  readonly #items: Iterator<TrafficItem, unknown>;

  private constructor(lab: Lab, { upstreamId, seed }: UpstreamOptions) {
    this.#producer = new EventProducer({ brokers: brokersOf(lab.stack()), clientId: `fourway-faults-${upstreamId}` });
    this.#items = traffic(lab.world, { payments: endless, seed, mix: plainMix, cards, upstreamId });
  }

  static async open(lab: Lab, options: UpstreamOptions): Promise<Upstream> {
    const upstream = new Upstream(lab, options);
    await upstream.#producer.connect();
    return upstream;
  }

  /** Sends at this rate until it is over. */
  async sendPaced(perSecond: number, durationMs: number): Promise<SentSale[]> {
    const startedMs = performance.now();
    const sent: SentSale[] = [];
    const sending: Promise<void>[] = [];
    for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startedMs) {
      const due = this.#next(Math.floor((elapsedMs * perSecond) / 1_000) - sent.length);
      sent.push(...due);
      sending.push(this.#producer.send(topics.requested.name, due));
      await sleep(tickMs);
    }
    await Promise.all(sending);
    return sent;
  }

  /** Sends as fast as the broker takes it, for as long as `isNeeded` says. Returns how many. */
  async sendAll(isNeeded: (sent: number) => boolean): Promise<number> {
    let sent = 0;
    while (isNeeded(sent)) {
      await this.#producer.send(topics.requested.name, this.#next(burst));
      sent += burst;
      // Others of this process have their turn.
      await sleep(0);
    }
    return sent;
  }

  async send(records: readonly SentSale[]): Promise<void> {
    await this.#producer.send(topics.requested.name, records);
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }

  #next(count: number): SentSale[] {
    return Array.from({ length: Math.max(0, count) }, () => {
      const { value } = this.#items.next();
      const [record] = (value as TrafficItem).records;
      if (record === undefined) throw new Error('broken invariant: a sale has a record');
      return { operationId: (value as TrafficItem).operationId, key: record.key, value: record.value };
    });
  }
}

export const requestIn = ({ value }: SentSale): OperationRequest => decodeOperationRequested(value);

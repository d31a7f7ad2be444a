import { randomBytes } from 'node:crypto';
import { brokersOf } from '@fourway/cli';
import { encodeOperationRequested, topics } from '@fourway/contracts';
import { sleep, uuidV7 } from '@fourway/kernel';
import { EventProducer } from '@fourway/platform-stream';
import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { latencyOf, type Latency } from './latency.ts';
import { requestIn, type SentSale } from './upstream.ts';

const answeredWithinMs = 60_000;

/** Gives approved sales back, one after the other at a rate, and measures how long that takes. */
export class Refunds {
  readonly #lab: Lab;
  readonly #sales: SentSale[];
  readonly #producer: EventProducer;

  private constructor(lab: Lab, sales: SentSale[]) {
    this.#lab = lab;
    this.#sales = sales;
    this.#producer = new EventProducer({ brokers: brokersOf(lab.stack()), clientId: 'fourway-faults-refunds' });
  }

  /** @param sales of which those that are approved are given back, each once */
  static async open(lab: Lab, sales: readonly SentSale[]): Promise<Refunds> {
    const isApproved = ({ operationId }: SentSale): boolean =>
      lab.timeline.flightOf(operationId)?.outcome?.status === 'approved';
    const refunds = new Refunds(lab, sales.filter(isApproved));
    await refunds.#producer.connect();
    return refunds;
  }

  /** Sends until it is over and waits for the answers. @throws SwitchError `stalled` where one is missing after 60 s */
  async during(work: Promise<unknown>, perSecond: number): Promise<Latency> {
    const sentMs = new Map<string, number>();
    const progress = { isOver: false };
    const end = (): void => void (progress.isOver = true);
    work.then(end, end);
    while (!progress.isOver) {
      const sale = this.#sales.pop();
      if (sale !== undefined) sentMs.set(...(await this.#refund(sale)));
      await sleep(1_000 / perSecond);
    }
    await work;
    const answer = (id: string): number | undefined => this.#lab.timeline.flightOf(id)?.outcome?.atMs;
    await waitUntil(() => [...sentMs.keys()].every((id) => answer(id) !== undefined), {
      what: 'answers to all refunds',
      withinMs: answeredWithinMs,
    });
    return latencyOf([...sentMs].map(([id, atMs]) => (answer(id) ?? Infinity) - atMs));
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }

  async #refund(sale: SentSale): Promise<[operationId: string, sentMs: number]> {
    const nowMs = Date.now();
    const newId = (): string => uuidV7(nowMs, randomBytes(10));
    const root = requestIn(sale);
    const operationId = newId();
    const refund = { ...root, eventId: newId(), operationId, kind: 'refund', presentment: null } as const;
    const value = encodeOperationRequested({ ...refund, requestedAtMs: nowMs, expiresAtMs: 0 });
    await this.#producer.send(topics.requested.name, [{ key: sale.key, value }]);
    return [operationId, nowMs];
  }
}

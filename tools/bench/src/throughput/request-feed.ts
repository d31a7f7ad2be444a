import { brokersOf, startProgress } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { systemClock } from '@fourway/kernel';
import { EventProducer, type EventMessage } from '@fourway/platform-stream';
import type { StackDescription } from '@fourway/stack';
import { plainMix, traffic, type TrafficItem, type World } from '@fourway/world';
import { SeenParticipants, type Participants } from './participants.ts';
import { longestExpiryMs, RunPlan } from './run-plan.ts';

const recordsPerSend = 4_000;
/** What one process makes and sends a second, at least. */
const madePerSecond = 35_000;
/** From the last record produced to the first one read. */
const startUpMs = 15_000;

export interface FeedOptions {
  readonly world: World;
  readonly payments: number;
  readonly seed: number;
  /** Payments a second that the run is expected to make. */
  readonly expectedRate: number;
}

/** Sound sales for payments.requested.v1, dated along the run: before the clock starts as many as may wait, the others while it runs. */
export class RequestFeed {
  readonly #producer: EventProducer;
  readonly #plan: RunPlan;
  readonly #items: Generator<TrafficItem>;
  readonly #seen: SeenParticipants;
  readonly #payments: number;
  #sent = 0;
  #filling: Promise<void> | null = null;

  constructor(stack: StackDescription, { world, payments, seed, expectedRate }: FeedOptions) {
    this.#producer = new EventProducer({ brokers: brokersOf(stack), clientId: 'fourway-bench' });
    const makingMs = (Math.min(payments, expectedRate * 600) / madePerSecond) * 1_000;
    const startMs = Date.now() + makingMs + startUpMs;
    this.#plan = new RunPlan({ startMs, perSecond: expectedRate, clock: systemClock });
    const dated = { clock: this.#plan, expiresAfterMs: longestExpiryMs };
    this.#items = traffic(world, { payments, seed, mix: plainMix, ...dated });
    this.#seen = new SeenParticipants(world);
    this.#payments = payments;
  }

  /** Requests in the topic. */
  get sent(): number {
    return this.#sent;
  }

  get participants(): Participants {
    return this.#seen.counts;
  }

  /** Fills the topic as far as requests live; the number of them. */
  async preload(): Promise<number> {
    await this.#producer.connect();
    const wanted = Math.min(this.#payments, this.#plan.mostWaiting);
    const progress = startProgress('requests preloaded', wanted);
    await this.#fill(wanted, progress.update);
    progress.stop();
    return this.#sent;
  }

  /**
   * Told how many are through, tops the topic up in the background.
   * @throws what an earlier top-up failed with
   */
  async keepFilled(through: number): Promise<void> {
    const wanted = Math.min(this.#payments, through + this.#plan.mostWaiting);
    if (wanted < this.#payments && wanted - this.#sent < 5 * recordsPerSend) return;
    if (wanted <= this.#sent) return;
    await this.#filling;
    this.#filling = this.#fill(wanted);
    // Whoever comes next hears of it.
    this.#filling.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }

  async #fill(wanted: number, onProgress: (sent: number) => void = () => undefined): Promise<void> {
    let sending: Promise<void> = Promise.resolve();
    while (this.#sent < wanted) {
      const batch = this.#make(Math.min(recordsPerSend, wanted - this.#sent));
      this.#sent += batch.length;
      // The next batch is made while this one is on its way.
      await sending;
      sending = this.#producer.send(topics.requested.name, batch);
      onProgress(this.#sent);
    }
    await sending;
  }

  #make(count: number): EventMessage[] {
    const batch: EventMessage[] = [];
    while (batch.length < count) {
      const next = this.#items.next();
      if (next.done === true) break;
      this.#plan.advance();
      for (const { key, value } of next.value.records) {
        this.#seen.take(value);
        batch.push({ key, value });
      }
    }
    return batch;
  }
}

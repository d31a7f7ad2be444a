import { brokersOf, startProgress } from '@fourway/cli';
import { decodeOperationRequested, encodeOperationRequested, topics } from '@fourway/contracts';
import { EventProducer, type EventMessage } from '@fourway/platform-stream';
import type { StackDescription } from '@fourway/stack';
import { issuerOfToken, plainMix, traffic, type World } from '@fourway/world';

/** How many different ones took part. */
export interface Participants {
  readonly merchants: number;
  readonly cards: number;
  readonly issuers: number;
}

const recordsPerSend = 4_000;
/** The longest an upstream may ask for: preloaded requests wait for the run. */
const expiryMs = 10 * 60_000;

/** Fills payments.requested.v1 with sound sales that nobody reads yet. */
export async function preload(
  stack: StackDescription,
  world: World,
  { payments, seed }: { payments: number; seed: number },
): Promise<Participants> {
  const producer = new EventProducer({ brokers: brokersOf(stack), clientId: 'fourway-bench' });
  await producer.connect();
  const progress = startProgress('requests preloaded', payments);
  const seen = new SeenParticipants(world);
  try {
    let batch: EventMessage[] = [];
    let sent = 0;
    let sending: Promise<void> = Promise.resolve();
    for (const { records } of traffic(world, { payments, seed, mix: plainMix })) {
      for (const { key, value } of records) batch.push({ key, value: seen.take(value) });
      if (batch.length < recordsPerSend && sent + batch.length < payments) continue;
      sent += batch.length;
      // The next batch is made while this one is on its way.
      await sending;
      sending = producer.send(topics.requested.name, batch);
      batch = [];
      progress.update(sent);
    }
    await sending;
  } finally {
    progress.stop();
    await producer.disconnect();
  }
  return seen.counts;
}

class SeenParticipants {
  readonly #world: World;
  readonly #merchants = new Set<number>();
  readonly #cards = new Set<number>();
  readonly #issuers = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The request with an expiry beyond the run. */
  take(value: Buffer): Buffer {
    const request = decodeOperationRequested(value);
    // Numbers, because millions of strings take gigabytes; both have at most sixteen digits.
    this.#merchants.add(Number(request.merchantId));
    this.#cards.add(Number(request.cardToken));
    this.#issuers.add(issuerOfToken(this.#world, request.cardToken).issuerId);
    return encodeOperationRequested({ ...request, expiresAtMs: request.requestedAtMs + expiryMs });
  }

  get counts(): Participants {
    return { merchants: this.#merchants.size, cards: this.#cards.size, issuers: this.#issuers.size };
  }
}

import { brokersOf } from '@fourway/cli';
import { decodeOutcome, topics } from '@fourway/contracts';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';
import type { StackDescription } from '@fourway/stack';
import { percentilesOf, type Percentiles } from '../figures/percentiles.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';

/** When one payment passed each place, milliseconds since the Unix epoch, by the clocks of one machine. */
export interface Passage {
  readonly requestedMs: number;
  readonly scoredMs: number;
  /** When the statement that claims it began. */
  readonly claimedMs: number;
  /** When the statement that stores its outcome began. */
  readonly decidedMs: number;
  readonly publishedMs: number;
}

/** Percentiles of what a payment waits between two places, milliseconds. */
export type StageWaits = Readonly<Record<string, Percentiles>>;

/** Where the time from a request to its outcome goes. */
export const waitsOf = (passages: readonly Passage[]): StageWaits =>
  Object.fromEntries(
    Object.entries(stages).map(([name, waitOf]) => [name, percentilesOf(passages.map((passage) => waitOf(passage)))]),
  );

const stages: Readonly<Record<string, (passage: Passage) => number>> = {
  'request to scored': ({ requestedMs, scoredMs }) => scoredMs - requestedMs,
  'scored to claim': ({ scoredMs, claimedMs }) => claimedMs - scoredMs,
  'claim to outcome, the acquirer between': ({ claimedMs, decidedMs }) => decidedMs - claimedMs,
  'outcome to published': ({ decidedMs, publishedMs }) => publishedMs - decidedMs,
};

export interface PassagesOptions {
  readonly stack: StackDescription;
  readonly database: BenchDatabase;
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

/** What the topics and the claims say of the sales that were requested since then. */
export async function passagesSince({ stack, database, sinceMs }: PassagesOptions): Promise<Passage[]> {
  const read = (topic: string, take: (record: StreamRecord) => void): Promise<number> =>
    readTopic({
      ...{ brokers: brokersOf(stack), clientId: 'fourway-bench', topic, sinceMs },
      onRecords: (records) => records.forEach(take),
    });
  // A sale is its own root, and the root is the key of both.
  const requested = new Map<string, number>();
  await read(topics.requested.name, ({ key, timestampMs }) => void requested.set(String(key), timestampMs));
  const scored = new Map<string, number>();
  await read(topics.scored.name, ({ key, timestampMs }) => void scored.set(String(key), timestampMs));
  const claimed = await database.claimsSince(sinceMs);

  const passages: Passage[] = [];
  await read(topics.outcomes.name, ({ value, timestampMs: publishedMs }) => {
    const outcome = value === null ? null : decodeOutcome(value);
    if (outcome === null) return;
    const { operationId, decidedAtMs: decidedMs } = outcome;
    const [requestedMs, scoredMs, claimedMs] = [requested, scored, claimed].map((times) => times.get(operationId));
    if (requestedMs === undefined || scoredMs === undefined || claimedMs === undefined) return;
    passages.push({ requestedMs, scoredMs, claimedMs, decidedMs, publishedMs });
  });
  return passages;
}

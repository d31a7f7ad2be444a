import { defined } from '@fourway/kernel';
import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { CardPayment } from './card-payment.ts';
import type { VelocityEpochs } from './velocity-epochs.ts';
import { allTags, progressKey } from './velocity-keys.ts';

/** What a batch holds of one partition. */
export interface Stretch {
  readonly partition: number;
  lowest: bigint;
  highest: bigint;
}

export function stretchesOf(payments: readonly CardPayment[]): readonly Stretch[] {
  const stretches = new Map<number, Stretch>();
  for (const { partition, offset } of payments) {
    const known = stretches.get(partition);
    if (known === undefined) stretches.set(partition, { partition, lowest: offset, highest: offset });
    else if (offset < known.lowest) known.lowest = offset;
    else if (offset > known.highest) known.highest = offset;
  }
  return [...stretches.values()];
}

interface PartitionProgress {
  /** Highest offset of a batch that was begun. */
  begun: bigint;
  /** Highest one of a batch that was counted. */
  counted: bigint;
  /** What Redis holds, if nobody else wrote it. */
  stored: bigint;
}

/**
 * Tells how far each partition has been counted, beside the counters. What a Redis that was killed, or a replica of it that took over, has
 * kept is always a beginning of all it did: so where it kept an offset, it kept every count that came before it. Whatever was accepted up
 * to that offset is in the windows, and only what comes after it has to be counted again.
 */
export class VelocityProgress {
  readonly #hotData: HotData;
  readonly #epochs: VelocityEpochs;
  readonly #partitions = new Map<number, PartitionProgress>();

  constructor({ hotData, epochs }: { readonly hotData: HotData; readonly epochs: VelocityEpochs }) {
    this.#hotData = hotData;
    this.#epochs = epochs;
  }

  /** Before a batch is counted. Records that come again may now be accepted: until they are counted, progress is below them. */
  async begin(stretches: readonly Stretch[]): Promise<void> {
    const back = stretches.filter(
      ({ partition, lowest }) => lowest <= (this.#partitions.get(partition)?.begun ?? lowest),
    );
    if (back.length > 0) await this.#setBack(back);
    for (const { partition, highest } of stretches)
      defined(this.#partitions.get(partition), 'progress of the partition').begun = highest;
  }

  counted(stretches: readonly Stretch[]): void {
    // What could not be written to all windows is no progress: the next batch says anew where it begins.
    if (this.#epochs.lostTags.length > 0) this.#partitions.clear();
    for (const { partition, highest } of stretches) {
      const progress = this.#partitions.get(partition);
      // Another batch may have been told meanwhile that records come again.
      if (progress !== undefined && highest <= progress.begun && highest > progress.counted) progress.counted = highest;
    }
  }

  /** Writes what has been counted since the last time. Rejects when Redis is away. */
  async store(): Promise<void> {
    const moved = [...this.#partitions].filter(([, { counted, stored }]) => counted > stored);
    const steps = moved.map(([partition, { counted, stored }]) => ({ partition, from: stored, to: counted }));
    if (steps.length === 0) return;
    const args = steps.flatMap(({ partition, from, to }) => [String(partition), String(from), String(to)]);
    const written = await this.#run(advance, args);
    for (const [at, { partition, to }] of steps.entries()) {
      const progress = this.#partitions.get(partition);
      // Another replica reads the partition now; should it come back, its first record says where.
      if (written.some((reply) => reply[at] === 0)) this.#partitions.delete(partition);
      else if (progress !== undefined) progress.stored = to;
    }
  }

  async #setBack(stretches: readonly Stretch[]): Promise<void> {
    for (const { partition, lowest } of stretches) {
      const before = lowest - 1n;
      this.#partitions.set(partition, { begun: before, counted: before, stored: before });
    }
    await this.#run(
      setBack,
      stretches.flatMap(({ partition, lowest }) => [String(partition), String(lowest - 1n)]),
    );
  }

  /** On all tags whose windows are there; a marker that is another one by now is left alone. */
  async #run(script: KeyScript, args: readonly string[]): Promise<readonly (readonly unknown[])[]> {
    const places = allTags.flatMap((tag) => {
      const place = this.#epochs.placeOf(tag);
      return place === null ? [] : [{ tag, place }];
    });
    const replies = await this.#hotData.runScript(
      script,
      places.map(({ tag, place: { epoch, marker, value } }) => ({
        keys: [marker, progressKey(tag, epoch)],
        args: [value, ...args],
      })),
    );
    return replies.map((reply): readonly unknown[] => (Array.isArray(reply) ? reply : []));
  }
}

/** As long as the counters of a card. */
const keptMs = 2 * 3_600_000;

/** ARGV: the marker's value, then partition and offset, by turns. */
const setBack: KeyScript = {
  name: 'fourwaySetVelocityBack',
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {} end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], ${keptMs})
return {}`,
};

/** ARGV: the marker's value, then partition, the offset it must have, and the next one. Answers 1 or 0 a partition: moved or not. */
const advance: KeyScript = {
  name: 'fourwayAdvanceVelocity',
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {} end
local answers = {}
for i = 2, #ARGV, 3 do
  local stored = redis.call('HGET', KEYS[2], ARGV[i])
  local isOurs = not stored or stored == ARGV[i + 1]
  if isOurs then redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2]) end
  answers[#answers + 1] = isOurs and 1 or 0
end
redis.call('PEXPIRE', KEYS[2], ${keptMs})
return answers`,
};

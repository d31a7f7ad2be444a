import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import { progressKey } from '../card-velocity/velocity-keys.ts';

/** What a server that was started again has kept of the windows. */
export interface KeptProgress {
  /** By tag; tags that have kept no progress are left out. */
  readonly epochs: ReadonlyMap<number, string>;
  /** By partition: the first offset that some tag may lack. Partitions of which some tag knows nothing are left out. */
  readonly from: ReadonlyMap<number, bigint>;
}

/** @param survivors epochs by tag */
export async function keptProgress(hotData: HotData, survivors: ReadonlyMap<number, string>): Promise<KeptProgress> {
  const tags = [...survivors];
  const replies = await hotData.runScript(
    readProgress,
    tags.map(([tag, epoch]) => ({ keys: [progressKey(tag, epoch)], args: [] })),
  );
  const progress = replies.map(progressOf);
  const known = tags.filter((_, at) => (progress[at]?.size ?? 0) > 0);
  return { epochs: new Map(known), from: lowestOf(progress.filter(({ size }) => size > 0)) };
}

function lowestOf(progress: readonly ReadonlyMap<number, bigint>[]): ReadonlyMap<number, bigint> {
  const [first = new Map<number, bigint>(), ...others] = progress;
  return new Map(
    [...first].flatMap(([partition, offset]) => {
      const all = [offset, ...others.flatMap((other) => other.get(partition) ?? [])];
      if (all.length < progress.length) return [];
      return [[partition, all.reduce((lowest, each) => (each < lowest ? each : lowest)) + 1n]];
    }),
  );
}

function progressOf(reply: unknown): ReadonlyMap<number, bigint> {
  const fields = Array.isArray(reply) ? reply.map(String) : [];
  const progress = new Map<number, bigint>();
  for (let at = 0; at + 1 < fields.length; at += 2) progress.set(Number(fields[at]), BigInt(fields[at + 1] ?? '-1'));
  return progress;
}

const readProgress: KeyScript = { name: 'fourwayReadVelocityProgress', lua: `return redis.call('HGETALL', KEYS[1])` };

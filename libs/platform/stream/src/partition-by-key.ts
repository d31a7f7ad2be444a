const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/**
 * Kafka's own hash of a key (MurmurHash2, as in the Java client's default partitioner), in 32-bit arithmetic: the client's
 * version works on 64-bit objects and was the largest single cost of producing.
 */
export function murmur2(key: Buffer): number {
  const { length } = key;
  let hash = seed ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let word = Math.imul(key.readInt32LE(i), multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  for (let i = length - 1; i >= whole; i--) hash ^= (key[i] ?? 0) << ((i & 3) * 8);
  if (whole < length) hash = Math.imul(hash, multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

interface Partitioned {
  readonly partitionMetadata: readonly unknown[];
  readonly message: { readonly key?: Buffer | string | null; readonly partition?: number };
}

/**
 * Chooses the partition of a message by its key, as every Kafka client of the Java family does. A message without a key, such as one
 * that somebody else produced and that is replayed, goes to the partitions in turn.
 */
export const partitionByKey = (): ((partitioned: Partitioned) => number) => {
  let turn = 0;
  return ({ partitionMetadata: { length }, message: { key, partition } }) => {
    if (partition !== undefined) return partition;
    return (key === null || key === undefined ? turn++ : murmur2(Buffer.from(key)) & 0x7fffffff) % length;
  };
};

/** Marks the end of a list of slots. */
const none = -1;
const firstSlots = 16;

/** Adding to it begins a hash: what an upstream chooses as ids must not decide which of them fall together. */
const seed = Math.trunc(Math.random() * 0x1_0000_0000) | 0;

/**
 * A Map for entries that come and go all day, at its largest as large as what was in it at once. V8's Map moves to a new table whenever
 * its old one is full of what was deleted, and the old table keeps its keys and points to the new one. Once such a dead table is old, each
 * collection of the young generation takes what it reaches for alive, and promotes it. Here a deleted entry's slot is emptied and used
 * again, and no table is ever left behind but by growth. See ADR 0024.
 *
 * Keeps the order of insertion; entries may be deleted, and not added, while they are walked.
 */
export class TurnoverMap<Value> {
  readonly #keys: (string | undefined)[] = [];
  readonly #values: (Value | undefined)[] = [];
  #links = new SlotLinks(firstSlots);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(key: string): boolean {
    return this.#find(key) !== none;
  }

  get(key: string): Value | undefined {
    const slot = this.#find(key);
    return slot === none ? undefined : this.#values[slot];
  }

  set(key: string, value: Value): void {
    const slot = this.#find(key);
    this.#values[slot === none ? this.#add(key) : slot] = value;
  }

  /** False where there is no such entry. */
  delete(key: string): boolean {
    const slot = this.#find(key);
    if (slot === none) return false;
    this.#links.remove(slot, hashOf(key));
    this.#keys[slot] = undefined;
    this.#values[slot] = undefined;
    this.#size -= 1;
    return true;
  }

  *entries(): Generator<[string, Value]> {
    for (const slot of this.#links.inOrder()) yield [this.#keys[slot] as string, this.#values[slot] as Value];
  }

  *values(): Generator<Value> {
    for (const slot of this.#links.inOrder()) yield this.#values[slot] as Value;
  }

  #find(key: string): number {
    let slot = this.#links.firstOf(hashOf(key));
    while (slot !== none && this.#keys[slot] !== key) slot = this.#links.nextOf(slot);
    return slot;
  }

  #add(key: string): number {
    if (this.#size === this.#links.capacity) this.#grow();
    const slot = this.#links.add(hashOf(key));
    this.#keys[slot] = key;
    this.#size += 1;
    return slot;
  }

  #grow(): void {
    const links = new SlotLinks(2 * this.#links.capacity);
    const entries = [...this.entries()];
    for (const [key, value] of entries) {
      const slot = links.add(hashOf(key));
      this.#keys[slot] = key;
      this.#values[slot] = value;
    }
    this.#links = links;
  }
}

/** Which slots are taken, in which order, and which of them share a bucket: numbers only, nothing for a collector to walk. */
class SlotLinks {
  readonly capacity: number;
  readonly #buckets: Int32Array;
  readonly #nextInBucket: Int32Array;
  readonly #after: Int32Array;
  readonly #before: Int32Array;
  readonly #isTaken: Uint8Array;
  #oldest = none;
  #newest = none;
  #firstFree = 0;

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#buckets = new Int32Array(capacity).fill(none);
    this.#nextInBucket = new Int32Array(capacity).map((_, slot) => (slot + 1 === capacity ? none : slot + 1));
    this.#after = new Int32Array(capacity);
    this.#before = new Int32Array(capacity);
    this.#isTaken = new Uint8Array(capacity);
  }

  firstOf(hash: number): number {
    return this.#buckets[hash & (this.capacity - 1)] ?? none;
  }

  nextOf(slot: number): number {
    return this.#nextInBucket[slot] ?? none;
  }

  /** To be called while a slot is free; free slots are linked as if they shared a bucket. */
  add(hash: number): number {
    const slot = this.#firstFree;
    this.#firstFree = this.nextOf(slot);
    this.#isTaken[slot] = 1;
    this.#nextInBucket[slot] = this.firstOf(hash);
    this.#buckets[hash & (this.capacity - 1)] = slot;
    this.#after[slot] = none;
    this.#before[slot] = this.#newest;
    if (this.#newest === none) this.#oldest = slot;
    else this.#after[this.#newest] = slot;
    this.#newest = slot;
    return slot;
  }

  remove(slot: number, hash: number): void {
    this.#leaveBucket(slot, hash & (this.capacity - 1));
    const before = this.#before[slot] ?? none;
    const after = this.#after[slot] ?? none;
    if (before === none) this.#oldest = after;
    else this.#after[before] = after;
    if (after === none) this.#newest = before;
    else this.#before[after] = before;
    this.#nextInBucket[slot] = this.#firstFree;
    this.#firstFree = slot;
    this.#isTaken[slot] = 0;
  }

  /** A slot that is removed on the way still knows what followed it. */
  *inOrder(): Generator<number> {
    for (let slot = this.#oldest; slot !== none; slot = this.#after[slot] ?? none)
      if (this.#isTaken[slot] === 1) yield slot;
  }

  #leaveBucket(slot: number, bucket: number): void {
    const next = this.nextOf(slot);
    let at = this.#buckets[bucket] ?? none;
    if (at === slot) {
      this.#buckets[bucket] = next;
      return;
    }
    while (this.nextOf(at) !== slot) at = this.nextOf(at);
    this.#nextInBucket[at] = next;
  }
}

/** FNV-1a, then mixed: the lower bits choose the bucket. */
function hashOf(key: string): number {
  let hash = seed;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}

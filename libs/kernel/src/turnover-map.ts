/**
 * A Map for entries that come and go all day. V8's Map moves to a new table whenever its old one is full of what was deleted, and the
 * old table keeps its entries and points to the new one. Once such a dead table is old, each collection of the young generation takes what
 * it reaches for alive, and promotes it: nearly everything that was ever in the Map. Here the Map holds numbers, and the values lie in slots
 * that are emptied. See ADR 0024.
 *
 * Keeps the order of insertion; an entry may be deleted while the values are walked.
 */
export class TurnoverMap<Key, Value> {
  readonly #slotOf = new Map<Key, number>();
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slotOf.size;
  }

  has(key: Key): boolean {
    return this.#slotOf.has(key);
  }

  get(key: Key): Value | undefined {
    const slot = this.#slotOf.get(key);
    return slot === undefined ? undefined : this.#values[slot];
  }

  set(key: Key, value: Value): void {
    const slot = this.#slotOf.get(key) ?? this.#takeSlot(key);
    this.#values[slot] = value;
  }

  /** False where there is no such entry. */
  delete(key: Key): boolean {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return false;
    this.#slotOf.delete(key);
    this.#values[slot] = undefined;
    this.#free.push(slot);
    return true;
  }

  *entries(): Generator<[Key, Value]> {
    for (const [key, slot] of this.#slotOf) yield [key, this.#values[slot] as Value];
  }

  *values(): Generator<Value> {
    for (const slot of this.#slotOf.values()) yield this.#values[slot] as Value;
  }

  #takeSlot(key: Key): number {
    const slot = this.#free.pop() ?? this.#values.length;
    this.#slotOf.set(key, slot);
    return slot;
  }
}

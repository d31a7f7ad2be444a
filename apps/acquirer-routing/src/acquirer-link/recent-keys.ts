/**
 * Remembers roughly the last `slots` keys: a key is forgotten when a later one falls into its slot. An array, because
 * a set of this size would be grown and collected all day.
 */
export class RecentKeys {
  readonly #slots: string[];

  constructor(slots: number) {
    this.#slots = new Array<string>(slots).fill('');
  }

  add(key: string): void {
    this.#slots[this.#slotOf(key)] = key;
  }

  has(key: string): boolean {
    return this.#slots[this.#slotOf(key)] === key;
  }

  #slotOf(key: string): number {
    let hash = 0;
    for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    return (hash >>> 0) % this.#slots.length;
  }
}

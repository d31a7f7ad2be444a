const initialCapacity = 1_024;

/**
 * Which of the records read from one partition are done, and how far the committed offset may go:
 * up to the first record that is not. Amortised O(1), nine bytes a record, no reference to the records.
 */
export class OffsetTracker {
  #offsets = new BigInt64Array(initialCapacity);
  #isDone = new Uint8Array(initialCapacity);
  #head = 0;
  #tail = 0;
  #openCount = 0;
  #nextOffset: bigint;

  constructor(position: bigint) {
    this.#nextOffset = position;
  }

  /** The offset to commit: everything below it is done. */
  get committable(): bigint {
    return this.#head === this.#tail ? this.#nextOffset : (this.#offsets[this.#slot(this.#head)] ?? this.#nextOffset);
  }

  /** The offset after the last one admitted or skipped. */
  get nextOffset(): bigint {
    return this.#nextOffset;
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** Grows with every record the committed offset passed; unchanged means no progress. */
  get passedCount(): number {
    return this.#head;
  }

  /** Takes the next record; returns the number by which it is reported done. */
  admit(offset: bigint): number {
    if (this.#tail - this.#head === this.#offsets.length) this.#grow();
    const sequence = this.#tail++;
    this.#offsets[this.#slot(sequence)] = offset;
    this.#isDone[this.#slot(sequence)] = 0;
    this.#nextOffset = offset + 1n;
    this.#openCount++;
    return sequence;
  }

  /** Passes over offsets that hold no record: control records, compacted ones. */
  skipTo(offset: bigint): void {
    if (offset > this.#nextOffset) this.#nextOffset = offset;
  }

  isOpen(sequence: number): boolean {
    return sequence >= this.#head && sequence < this.#tail && this.#isDone[this.#slot(sequence)] === 0;
  }

  /** False when the record was done before. */
  done(sequence: number): boolean {
    if (!this.isOpen(sequence)) return false;
    this.#isDone[this.#slot(sequence)] = 1;
    this.#openCount--;
    while (this.#head < this.#tail && this.#isDone[this.#slot(this.#head)] === 1) this.#head++;
    return true;
  }

  // The capacity is a power of two, so the mask is the modulus.
  #slot(sequence: number): number {
    return sequence & (this.#offsets.length - 1);
  }

  #grow(): void {
    const capacity = this.#offsets.length * 2;
    const offsets = new BigInt64Array(capacity);
    const isDone = new Uint8Array(capacity);
    for (let sequence = this.#head; sequence < this.#tail; sequence++) {
      const slot = sequence & (capacity - 1);
      offsets[slot] = this.#offsets[this.#slot(sequence)] ?? 0n;
      isDone[slot] = this.#isDone[this.#slot(sequence)] ?? 0;
    }
    this.#offsets = offsets;
    this.#isDone = isDone;
  }
}

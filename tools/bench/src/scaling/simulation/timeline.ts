interface TimedEvent {
  readonly atMs: number;
  /** Breaks ties: what was planned first happens first, so a run repeats exactly. */
  readonly order: number;
  readonly happen: () => void;
}

/** What happens when; a binary heap, since a minute of a cluster has millions of events. */
export class Timeline {
  readonly #heap: TimedEvent[] = [];
  #planned = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** @param ms from now, not negative */
  after(ms: number, happen: () => void): void {
    this.#planned += 1;
    this.#rise({ atMs: this.#nowMs + ms, order: this.#planned, happen });
  }

  /** Lets things happen until nothing is planned or `untilMs` is reached. */
  run(untilMs: number): void {
    for (let next = this.#take(untilMs); next !== undefined; next = this.#take(untilMs)) {
      this.#nowMs = next.atMs;
      next.happen();
    }
  }

  #rise(event: TimedEvent): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #take(untilMs: number): TimedEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.atMs > untilMs) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: TimedEvent): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, event)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = event;
  }
}

const isBefore = (a: TimedEvent, b: TimedEvent): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

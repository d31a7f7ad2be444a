import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import { rootOf, type FollowUpEntry } from './follow-up-entry.ts';

/** Lets the operations of a payment that are open in this process pass one after the other, in the order in which they came. */
export class PaymentQueue {
  readonly #open: OpenOperations;
  readonly #onReady: (entry: FollowUpEntry) => void;
  /** The operation of each payment that came last. */
  readonly #last = new Map<string, OpenOperation>();
  readonly #waiting = new Set<FollowUpEntry>();

  constructor(open: OpenOperations, onReady: (entry: FollowUpEntry) => void) {
    this.#open = open;
    this.#onReady = onReady;
  }

  /** Ready at once, or as soon as the one before it is closed: the root, if it is open, or another operation. */
  enter(entry: FollowUpEntry): void {
    const rootId = rootOf(entry);
    const { operation } = entry;
    const before = this.#last.get(rootId) ?? this.#open.get(rootId);
    this.#last.set(rootId, operation);
    this.#open.whenClosed(operation.operationId, () => {
      if (this.#last.get(rootId) === operation) this.#last.delete(rootId);
    });
    if (before === undefined) this.#onReady(entry);
    else this.#waitFor(before.operationId, entry);
  }

  /** True where the root has been opened since: the entry then comes back when that is closed. */
  waitsForRoot(entry: FollowUpEntry): boolean {
    const root = this.#open.get(rootOf(entry));
    if (root === undefined) return false;
    this.#waitFor(root.operationId, entry);
    return true;
  }

  /** Takes out what waits and was opened before the given time, in milliseconds since the Unix epoch. */
  takeWaitingSince(beforeMs: number): FollowUpEntry[] {
    const taken = [...this.#waiting].filter(({ operation }) => operation.openedAtMs <= beforeMs);
    for (const entry of taken) this.#waiting.delete(entry);
    return taken;
  }

  #waitFor(operationId: string, entry: FollowUpEntry): void {
    this.#waiting.add(entry);
    this.#open.whenClosed(operationId, () => {
      if (this.#waiting.delete(entry)) this.#onReady(entry);
    });
  }
}

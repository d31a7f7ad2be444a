import { TurnoverMap } from '@fourway/kernel';
import type { Attempt, Incoming } from '../operation.ts';

/** An operation this process works on, from the first record that asks for it until its outcome is acknowledged by the broker. */
export interface OpenOperation {
  readonly operationId: string;
  /** Records whose offsets wait for this operation; the first one opened it. */
  sources: Incoming[];
  /** Milliseconds since the Unix epoch. */
  readonly openedAtMs: number;
  /** The claim's fingerprint, once it is known: a source with another one is in conflict. */
  fingerprint: string | null;
  /** Set once the claim is ours and an acquirer is being asked. */
  attempt: Attempt | null;
  /** Milliseconds since the Unix epoch: from when the send window counts. */
  claimedAtMs: number;
  /** Milliseconds since the Unix epoch; 0 before anything is sent. An answer that is not stored by then is reversed. */
  answerDueMs: number;
  /**
   * When this process last wrote or leased a row of the operation in `parked`, by Postgres' clock in milliseconds since the Unix epoch; null
   * where it knows of none. Rows from later may keep records that came after the answer which is about to be given.
   */
  parkedAtMs: number | null;
  /** True while its answer is being published: what joins now is answered by this process, parked row or not. */
  isAnswering: boolean;
}

/** Where duplicates die that arrive while their operation is in flight: they join it and are answered with it. */
export class OpenOperations {
  readonly #byId = new TurnoverMap<OpenOperation>();
  /** What waits for an operation to be over; empty but for operations on payments. */
  readonly #waiting = new Map<string, (() => void)[]>();

  get size(): number {
    return this.#byId.size;
  }

  get(operationId: string): OpenOperation | undefined {
    return this.#byId.get(operationId);
  }

  /** Opens the operation, or joins the open one; only the opener is returned. */
  admit(incoming: Incoming, nowMs: number): OpenOperation | null {
    const { operationId } = incoming.scored.operation;
    const open = this.#byId.get(operationId);
    if (open !== undefined) {
      open.sources.push(incoming);
      return null;
    }
    const opened = {
      operationId,
      sources: [incoming],
      openedAtMs: nowMs,
      fingerprint: null,
      attempt: null,
      claimedAtMs: nowMs,
      answerDueMs: 0,
      parkedAtMs: null,
      isAnswering: false,
    };
    this.#byId.set(operationId, opened);
    return opened;
  }

  close(operation: OpenOperation): void {
    this.#byId.delete(operation.operationId);
    if (this.#waiting.size > 0) this.#wake(operation.operationId);
  }

  /** Calls back once when the operation, which is open, is closed. */
  whenClosed(operationId: string, callback: () => void): void {
    const waiting = this.#waiting.get(operationId);
    if (waiting === undefined) this.#waiting.set(operationId, [callback]);
    else waiting.push(callback);
  }

  #wake(operationId: string): void {
    const waiting = this.#waiting.get(operationId) ?? [];
    this.#waiting.delete(operationId);
    for (const callback of waiting) callback();
  }

  /** Claimed operations that were opened before the given time and still hold offsets back. */
  holdingSince(beforeMs: number): OpenOperation[] {
    const holding: OpenOperation[] = [];
    // In the order of opening, so the walk ends at the first young one.
    for (const operation of this.#byId.values()) {
      if (operation.openedAtMs > beforeMs) break;
      if (operation.attempt !== null && !operation.isAnswering && operation.sources.length > 0) holding.push(operation);
    }
    return holding;
  }
}

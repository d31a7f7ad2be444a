import type { Iso8583Message } from '@fourway/iso8583';
import { TurnoverMap } from '@fourway/kernel';
import type { HostConnection } from './host-connection.ts';
import { isExpected } from './payment-messages.ts';
import type { ExpectedAnswer } from './payment-messages.ts';

/** Something that left and waits for its answer. */
export interface InFlightEntry<Request> {
  readonly request: Request;
  readonly expected: ExpectedAnswer;
  readonly connection: HostConnection;
  readonly deadlineMs: number;
}

/**
 * What waits for answers, oldest first: all have the same timeout, so the first that is not due ends the search. Filed
 * under the RRN, whose 62 bits no two of them share; the rest of the match is compared.
 */
export class InFlight<Request> {
  readonly #entries = new TurnoverMap<InFlightEntry<Request>>();

  get size(): number {
    return this.#entries.size;
  }

  has({ rrn = '' }: ExpectedAnswer): boolean {
    return this.#entries.has(rrn);
  }

  add(entry: InFlightEntry<Request>): void {
    this.#entries.set(entry.expected.rrn ?? '', entry);
  }

  /** Removes and returns what this message answers. */
  take(answer: Iso8583Message): InFlightEntry<Request> | undefined {
    const rrn = answer.fields[37] ?? '';
    const entry = this.#entries.get(rrn);
    if (entry === undefined || !isExpected(answer, entry.expected)) return undefined;
    this.#entries.delete(rrn);
    return entry;
  }

  takeDue(nowMs: number): Request[] {
    const due: Request[] = [];
    for (const [key, entry] of this.#entries.entries()) {
      if (entry.deadlineMs > nowMs) break;
      this.#entries.delete(key);
      due.push(entry.request);
    }
    return due;
  }

  takeAllOf(connection: HostConnection): Request[] {
    const lost: Request[] = [];
    for (const [key, entry] of this.#entries.entries()) {
      if (entry.connection !== connection) continue;
      this.#entries.delete(key);
      lost.push(entry.request);
    }
    return lost;
  }
}

import { classifyResponseCode } from '@fourway/iso8583';
import { defined } from '@fourway/kernel';
import { Book } from './book.ts';
import { BookTotals } from './book-totals.ts';
import { PaymentIndex } from './payment-index.ts';
import type { BookEntry, PaymentReference } from './book-entry.ts';
import type { BookTotal } from './book-totals.ts';
import type { PaymentState } from './payment-index.ts';

/** Declines a sale whose reversal has come already: nobody waits for it any more. */
export const overtakenCode = '12';

export interface RecordedAnswer {
  readonly responseCode: string;
  readonly authCode: string;
  readonly amountMinor: bigint;
  /** True where the request had been recorded before: nothing was added to the book. */
  readonly repeated: boolean;
}

/** What a sale or reversal request says, besides its reference. */
export interface RequestFacts extends PaymentReference {
  readonly operationId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** The payments of this host: its book, and the index to find them by. Each request is recorded once, whatever arrives. */
export class Payments {
  readonly #book: Book;
  readonly #index: PaymentIndex;
  readonly #totals = new BookTotals();

  /** Opens the book and rebuilds everything from it. */
  constructor(bookPath: string) {
    this.#book = new Book(bookPath);
    this.#index = new PaymentIndex((reference, offset) => {
      const entry = this.#book.read(offset);
      return entry !== undefined && isSame(entry, reference);
    });
    this.#book.replay((entry, offset) => this.#replay(entry, offset));
  }

  get count(): number {
    return this.#index.size;
  }

  get bookBytes(): number {
    return this.#book.bytes;
  }

  get totals(): BookTotal[] {
    return this.#totals.list();
  }

  /**
   * Records a sale with this answer, unless it is recorded already: then the stored answer holds. A sale that was
   * reversed, before it came or since, is declined.
   */
  recordSale(facts: RequestFacts, responseCode: string): RecordedAnswer {
    const known = this.#index.find(facts);
    if (known === undefined) return this.#addSale(facts, responseCode);
    const stored = this.#lineAt(known.offset);
    if (known.state === 'reversed') return { ...stored, responseCode: overtakenCode, authCode: '', repeated: true };
    if (stored.type === 'sale') return { ...stored, repeated: true };
    const declined: BookEntry = {
      ...facts,
      type: 'sale',
      responseCode: overtakenCode,
      authCode: '',
      status: 'declined',
    };
    this.#add(declined, 'tombstone');
    return { ...declined, repeated: false };
  }

  /**
   * Records the reversal of a sale: 00 where there is one, also when it was declined or reversed before; 25 where there
   * is none, and a tombstone is left for it.
   */
  recordReversal(facts: RequestFacts): RecordedAnswer {
    const known = this.#index.find(facts);
    const nothingTaken = { authCode: '', amountMinor: facts.amountMinor };
    if (known === undefined) {
      this.#add({ ...facts, type: 'reversal', responseCode: '25', authCode: '', status: 'tombstone' }, 'tombstone');
      return { responseCode: '25', ...nothingTaken, repeated: false };
    }
    if (known.state !== 'approved') {
      return { responseCode: known.state === 'tombstone' ? '25' : '00', ...nothingTaken, repeated: true };
    }
    const { amountMinor } = this.#lineAt(known.offset);
    const reversal: BookEntry = {
      ...facts,
      amountMinor,
      type: 'reversal',
      responseCode: '00',
      authCode: '',
      status: 'reversed',
    };
    this.#add(reversal, 'reversed');
    return { ...reversal, repeated: false };
  }

  /** Writes what was recorded since the last call; only then may it be answered. */
  flush(): void {
    this.#book.flush();
  }

  close(): void {
    this.#book.close();
  }

  /** The line the index has just found, and has compared with the reference. */
  #lineAt(offset: number): BookEntry {
    return defined(this.#book.read(offset), "the book's line of a known payment");
  }

  #addSale(facts: RequestFacts, responseCode: string): RecordedAnswer {
    const approved = classifyResponseCode(responseCode) === 'approved';
    // The last six characters of the RRN: stable, so a host that lost its book would still give the same code.
    const authCode = approved ? facts.rrn.slice(-6) : '';
    const entry: BookEntry = {
      ...facts,
      type: 'sale',
      responseCode,
      authCode,
      status: approved ? 'approved' : 'declined',
    };
    this.#add(entry, approved ? 'approved' : 'declined');
    return { responseCode, authCode, amountMinor: facts.amountMinor, repeated: false };
  }

  #add(entry: BookEntry, state: PaymentState): void {
    this.#index.set(entry, { state, offset: this.#book.append(entry) });
    this.#totals.add(entry);
  }

  #replay(entry: BookEntry, offset: number): void {
    this.#totals.add(entry);
    const known = this.#index.find(entry);
    const state = known?.state === 'tombstone' ? 'tombstone' : entry.status;
    this.#index.set(entry, { state, offset });
  }
}

const isSame = (a: PaymentReference, b: PaymentReference): boolean =>
  a.rrn === b.rrn && a.stan === b.stan && a.transmissionDateTime === b.transmissionDateTime;

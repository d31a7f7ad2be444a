import { classifyResponseCode } from '@fourway/iso8583';
import { defined } from '@fourway/kernel';
import { Book } from './book.ts';
import { BookTotals } from './book-totals.ts';
import { PaymentIndex } from './payment-index.ts';
import { PaymentLimits } from './payment-limits.ts';
import type { BookEntry, PaymentReference } from './book-entry.ts';
import type { BookTotal } from './book-totals.ts';
import type { PaymentState } from './payment-index.ts';

/** Declines a sale whose reversal has come already: nobody waits for it any more. */
export const overtakenCode = '12';

/** Declines an operation on a payment that this host has not. */
const unknownOriginalCode = '25';

export interface RecordedAnswer {
  readonly responseCode: string;
  readonly authCode: string;
  readonly amountMinor: bigint;
  /** True where the request had been recorded before: nothing was added to the book. */
  readonly repeated: boolean;
}

/** What a request says, besides its reference. */
export interface RequestFacts extends PaymentReference {
  readonly operationId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** What kind of request it is, and what it is on. */
export interface RequestKind {
  readonly type: Exclude<BookEntry['type'], 'reversal'>;
  readonly original?: PaymentReference;
}

const sale: RequestKind = { type: 'sale' };

/** The payments of this host: its book, and the index to find them by. Each request is recorded once, whatever arrives. */
export class Payments {
  readonly #book: Book;
  readonly #index: PaymentIndex;
  readonly #totals = new BookTotals();
  readonly #limits = new PaymentLimits();

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
   * Records a request with this answer, unless it is recorded already: then the stored answer holds. One that was
   * reversed, before it came or since, is declined; so is an operation on a payment that the payment does not allow.
   */
  record(facts: RequestFacts, responseCode: string, kind: RequestKind = sale): RecordedAnswer {
    const known = this.#index.find(facts);
    if (known === undefined) return this.#addRequest(facts, kind, responseCode);
    const stored = this.#lineAt(known.offset);
    if (known.state === 'reversed') return { ...stored, responseCode: overtakenCode, authCode: '', repeated: true };
    if (stored.type !== 'reversal') return { ...stored, repeated: true };
    const declined: BookEntry = { ...facts, ...kind, responseCode: overtakenCode, authCode: '', status: 'declined' };
    this.#add(declined, 'tombstone');
    return { ...declined, repeated: false };
  }

  /**
   * Records the reversal of a request: 00 where there is one, also when it was declined or reversed before; 25 where there
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
    const undone = this.#lineAt(known.offset);
    const { amountMinor } = undone;
    this.#countUndone(undone);
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

  #addRequest(facts: RequestFacts, kind: RequestKind, wanted: string): RecordedAnswer {
    const on = kind.original === undefined ? undefined : this.#paymentOf(kind.original);
    const responseCode = on === undefined ? wanted : this.#codeOn(on, { ...facts, ...kind }, wanted);
    const approved = classifyResponseCode(responseCode) === 'approved';
    // The last six characters of the RRN: stable, so a host that lost its book would still give the same code.
    const authCode = approved ? facts.rrn.slice(-6) : '';
    const status = approved ? 'approved' : 'declined';
    const entry: BookEntry = { ...facts, ...kind, responseCode, authCode, status };
    if (approved && typeof on === 'object') this.#limits.count(entry, on);
    this.#add(entry, status);
    return { responseCode, authCode, amountMinor: facts.amountMinor, repeated: false };
  }

  #codeOn(on: OnPayment, entry: Pick<BookEntry, 'type' | 'amountMinor'>, wanted: string): string {
    if (typeof on === 'string') return on;
    const judged = this.#limits.judge(entry, on.root, on.original);
    return judged === '00' ? wanted : judged;
  }

  /** The payment that a request is on, with its root; or the code that says why there is none. */
  #paymentOf(reference: PaymentReference): OnPayment {
    const known = this.#index.find(reference);
    if (known === undefined || known.state === 'tombstone') return unknownOriginalCode;
    if (known.state !== 'approved') return overtakenCode;
    const original = this.#lineAt(known.offset);
    if (original.original === undefined) return { root: original, original };
    const root = this.#paymentOf(original.original);
    return typeof root === 'string' ? root : { root: root.root, original };
  }

  #countUndone(entry: BookEntry): void {
    if (entry.original === undefined) return;
    const on = this.#paymentOf(entry.original);
    if (typeof on === 'object') this.#limits.count(entry, { ...on, undone: true });
  }

  #add(entry: BookEntry, state: PaymentState): void {
    this.#index.set(entry, { state, offset: this.#book.append(entry) });
    this.#totals.add(entry);
  }

  #replay(entry: BookEntry, offset: number): void {
    this.#totals.add(entry);
    const known = this.#index.find(entry);
    if (entry.type === 'reversal' && entry.status === 'reversed' && known !== undefined)
      this.#countUndone(this.#lineAt(known.offset));
    if (entry.original !== undefined && entry.status === 'approved') {
      const on = this.#paymentOf(entry.original);
      if (typeof on === 'object') this.#limits.count(entry, on);
    }
    const state = known?.state === 'tombstone' ? 'tombstone' : entry.status;
    this.#index.set(entry, { state, offset });
  }
}

type OnPayment = { readonly root: BookEntry; readonly original: BookEntry } | string;

const isSame = (a: PaymentReference, b: PaymentReference): boolean =>
  a.rrn === b.rrn && a.stan === b.stan && a.transmissionDateTime === b.transmissionDateTime;

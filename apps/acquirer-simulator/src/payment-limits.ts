import type { BookEntry, PaymentReference } from './book-entry.ts';

/** What stands of one payment that has operations on it, minor units. */
interface Sums {
  capturedMinor: bigint;
  refundedMinor: bigint;
  isVoided: boolean;
  /** Captures that were voided. */
  readonly voided: Set<string>;
}

/** Not allowed in the state the payment is in. */
const wrongState = '12';
/** More than there is, or a part where only the whole can be undone. */
const wrongAmount = '13';

/** What the host itself allows on its payments: it trusts no switch to count. Kept for payments with operations only. */
export class PaymentLimits {
  readonly #sums = new Map<string, Sums>();

  /** DE39 that the operation deserves; 00 where nothing speaks against it. `original` is the root or the capture that is voided. */
  judge(entry: Pick<BookEntry, 'type' | 'amountMinor'>, root: BookEntry, original: BookEntry): string {
    const sums = this.#sumsOf(root);
    if (sums.isVoided) return wrongState;
    if (entry.type === 'void') return judgeVoid(entry.amountMinor, { root, original, sums });
    if (entry.type === 'refund') return within(sums.refundedMinor + entry.amountMinor, sums.capturedMinor);
    const isCapture = entry.type === 'capture' && root.type === 'authorization';
    return isCapture ? within(sums.capturedMinor + entry.amountMinor, root.amountMinor) : wrongState;
  }

  /** Counts an operation that was approved; `undone` takes it back. */
  count(entry: Pick<BookEntry, 'type' | 'amountMinor'>, { root, original, undone = false }: Counting): void {
    const sums = this.#sumsOf(root);
    const amount = undone ? -entry.amountMinor : entry.amountMinor;
    if (entry.type === 'capture') sums.capturedMinor += amount;
    if (entry.type === 'refund') sums.refundedMinor += amount;
    if (entry.type !== 'void') return;
    sums.capturedMinor -= original.type === 'authorization' ? 0n : amount;
    if (original.type !== 'capture') sums.isVoided = !undone;
    else if (undone) sums.voided.delete(keyOf(original));
    else sums.voided.add(keyOf(original));
  }

  #sumsOf(root: BookEntry): Sums {
    const key = keyOf(root);
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const capturedMinor = root.type === 'sale' ? root.amountMinor : 0n;
    const sums = { capturedMinor, refundedMinor: 0n, isVoided: false, voided: new Set<string>() };
    this.#sums.set(key, sums);
    return sums;
  }
}

export interface Counting {
  readonly root: BookEntry;
  readonly original: BookEntry;
  readonly undone?: boolean;
}

const within = (sum: bigint, limit: bigint): string => (sum > limit ? wrongAmount : '00');

function judgeVoid(amountMinor: bigint, { root, original, sums }: Counting & { readonly sums: Sums }): string {
  if (original.type === 'refund' || original.type === 'void') return wrongState;
  if (original.type === 'capture' && sums.voided.has(keyOf(original))) return wrongState;
  if (sums.refundedMinor > 0n) return wrongState;
  if (root.type === 'authorization' && original === root && sums.capturedMinor > 0n) return wrongState;
  return amountMinor === original.amountMinor ? '00' : wrongAmount;
}

const keyOf = ({ rrn, stan, transmissionDateTime }: PaymentReference): string => `${rrn}${stan}${transmissionDateTime}`;

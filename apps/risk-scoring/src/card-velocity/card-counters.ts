import type { HotData } from '@fourway/platform-hot-data';
import { bucketOf, type CardUse } from '@fourway/risk';
import type { CardPayment } from './card-payment.ts';
import { countPayments } from './count-payments.script.ts';
import { cardKey, tagOf } from './velocity-keys.ts';

/** Where the payments of one tag are counted. */
export interface CountingPlace {
  /** Part of the names of the counters. */
  readonly epoch: string;
  /** The key that must hold `value`. */
  readonly marker: string;
  readonly value: string;
}

export interface Counted {
  /** What each payment's card has used, in the order of the payments; null where it is unknown. */
  readonly uses: readonly (CardUse | null)[];
  /** Tags whose epoch is no longer the current one. */
  readonly lostTags: readonly number[];
}

interface TagCall {
  readonly tag: number;
  readonly places: number[];
  readonly keys: string[];
  readonly args: string[];
}

/**
 * Counts payments in one round trip: one script call a hash tag, so that it works on a cluster.
 * @param placeOf null leaves the payments of a tag uncounted
 */
export async function countOnCards(
  hotData: HotData,
  payments: readonly CardPayment[],
  placeOf: (tag: number) => CountingPlace | null,
): Promise<Counted> {
  const calls = callsOf(payments, placeOf);
  const replies = await hotData.runScript(countPayments, calls);
  const uses: (CardUse | null)[] = Array.from(payments, () => null);
  const lostTags: number[] = [];
  for (const [at, { tag, places }] of calls.entries()) {
    const reply = replies[at];
    if (!isNumbers(reply)) {
      lostTags.push(tag);
      continue;
    }
    for (const [i, place] of places.entries()) uses[place] = useOf(reply[2 * i], reply[2 * i + 1]);
  }
  return { uses, lostTags };
}

function callsOf(payments: readonly CardPayment[], placeOf: (tag: number) => CountingPlace | null): TagCall[] {
  const calls = new Map<number, TagCall>();
  for (const [at, { cardToken, partition, offset, recordedAtMs, amountMinor, operationId }] of payments.entries()) {
    const tag = tagOf(cardToken);
    const place = placeOf(tag);
    if (place === null) continue;
    const { epoch, marker, value } = place;
    let call = calls.get(tag);
    if (call === undefined) calls.set(tag, (call = { tag, places: [], keys: [marker], args: [value] }));
    call.places.push(at);
    call.keys.push(cardKey({ tag, epoch, cardToken }));
    call.args.push(String(partition), String(offset), String(bucketOf(recordedAtMs)), String(amountMinor), operationId);
  }
  return [...calls.values()];
}

/** A count below zero: nobody knows whether this payment was counted, so it must not be accepted. */
function useOf(count: number | undefined, sumMinor: number | undefined): CardUse | null {
  return count === undefined || sumMinor === undefined || count < 0 ? null : { count, sumMinor: BigInt(sumMinor) };
}

const isNumbers = (reply: unknown): reply is readonly number[] => Array.isArray(reply) && typeof reply[0] === 'number';

import { assert } from '@fourway/kernel';

/**
 * Shares an amount by parts without losing a minor unit: every party gets the floor of its share, and what is left goes, one unit each,
 * to the largest remainders, ties by the order of the parts. All parts zero: the first party takes all.
 * @param amountMinor 0n or more
 * @param parts at least one, none negative
 */
export function shareByParts(amountMinor: bigint, parts: readonly bigint[]): bigint[] {
  assert(
    amountMinor >= 0n && parts.length > 0 && parts.every((part) => part >= 0n),
    'only what there is can be shared, by parts that are not negative',
  );
  const total = parts.reduce((sum, part) => sum + part, 0n);
  if (total === 0n) return parts.map((_, i) => (i === 0 ? amountMinor : 0n));

  const shares = parts.map((part) => (amountMinor * part) / total);
  let left = amountMinor - shares.reduce((sum, share) => sum + share, 0n);
  for (const i of left === 0n ? [] : indexesByRemainder(amountMinor, parts, total)) {
    if (left === 0n) break;
    shares[i] = (shares[i] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares;
}

/** Indexes of the parts, largest remainder first; the sort is stable, so ties keep the parts' order. */
const indexesByRemainder = (amountMinor: bigint, parts: readonly bigint[], total: bigint): number[] =>
  parts
    .map((part, index) => ({ index, remainder: (amountMinor * part) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1))
    .map(({ index }) => index);

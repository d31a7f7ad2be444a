const uuidHexDigits = 32;
/** 36^25 is the first power above 2^128, and 25 the longest reference label. */
const referenceLength = 25;

/** An order id (UUID) as a reference label: 25 characters out of 0-9 and A-Z, sorted as the ids are. */
export const referenceOfOrder = (orderId: string): string =>
  BigInt(`0x${orderId.replaceAll('-', '')}`)
    .toString(36)
    .toUpperCase()
    .padStart(referenceLength, '0');

/** The order id (UUID) of a reference label; null where it is none of ours. */
export function orderOfReference(reference: string): string | null {
  if (!/^[0-9A-Z]{25}$/.test(reference)) return null;
  let value = 0n;
  for (const digit of reference) value = value * 36n + BigInt(parseInt(digit, 36));
  const hex = value.toString(16).padStart(uuidHexDigits, '0');
  if (hex.length > uuidHexDigits) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Currencies the network clears: ISO 4217 alphabetic code, numeric code (DE49), and digits of the minor unit. */
export const currencies = {
  CNY: { numeric: '156', minorDigits: 2 },
} as const;

export type Currency = keyof typeof currencies;

export const isCurrency = (text: string): text is Currency => Object.hasOwn(currencies, text);

/** The largest amount of one operation: CNY 50,000,000.00, well inside DE4's twelve digits. */
export const maxAmountMinor = 5_000_000_000n;

/** `12888n` as `128.88`, for people. */
export function formatMinor(amountMinor: bigint, currency: Currency): string {
  const { minorDigits } = currencies[currency];
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(minorDigits + 1, '0');
  return `${sign}${digits.slice(0, -minorDigits)}.${digits.slice(-minorDigits)}`;
}

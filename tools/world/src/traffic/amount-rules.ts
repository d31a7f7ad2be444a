import { cyclic } from '../random.ts';

/** Issuers' reasons to decline (ISO 8583:1987 field 39): no funds, expired card, wrong PIN, amount limit. */
const declineCodes = ['51', '54', '55', '61'] as const;

/** Amounts by whose last two digits the traffic asks a simulated acquirer for a decline, as its `amountRules`. */
export const acquirerAmountRules: readonly { readonly endsWith: string; readonly responseCode: string }[] =
  declineCodes.map((code) => ({ endsWith: code, responseCode: code }));

/** An amount of so many yuan that is declined; `choice` picks the reason. */
export const decliningAmount = (yuan: number, choice: number): bigint =>
  BigInt(yuan) * 100n + BigInt(cyclic(declineCodes, choice));

const endings: ReadonlySet<bigint> = new Set(declineCodes.map(BigInt));

export const isDecliningAmount = (amountMinor: bigint): boolean => endings.has(amountMinor % 100n);

import type { CardTypeName } from '@fourway/contracts';
import { cardToken, tokensPerRange } from '../issuers.ts';
import { hash32, unit } from '../random.ts';

const stream = { issuer: 20, type: 21 } as const;

/** Cards from here on are kept for risk rules to stop; ordinary traffic never uses them. */
const firstOffender = tokensPerRange - 100_000;
const firstDenied = tokensPerRange - 10_000;
const deniedCards = 64;

/** The token of card `index` (0 to 9,899,999): large issuers hold most cards, two of three are debit cards. */
export function tokenOfCard(seed: number, issuers: number, index: number): string {
  const issuerIndex = Math.floor(unit(seed, stream.issuer, index) ** 2 * issuers);
  const cardType: CardTypeName = hash32(seed, stream.type, index) % 100 < 65 ? 'debit' : 'credit';
  return cardToken(issuerIndex, cardType, index);
}

/** Card `index` of those that pay too often. */
export const offenderToken = (seed: number, issuers: number, index: number): string =>
  tokenOfCard(seed, issuers, firstOffender + (index % 90_000));

/** The cards on the network's deny list. The first issuer's credit range, the same in every world. */
export const deniedTokens: readonly string[] = Array.from({ length: deniedCards }, (_, i) =>
  cardToken(0, 'credit', firstDenied + i),
);

/** A token in the network's own range that no issuer has. */
export const unissuedToken = (account: number): string => cardToken(999, 'debit', account);

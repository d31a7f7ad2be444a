import type { CardTypeName, Issuer } from '@fourway/contracts';
import { realBanks, type Bank } from './banks.ts';
import { luhnDigit } from './luhn.ts';
import { cyclic } from './random.ts';
import { provinces } from './regions.ts';

/** Issuer indexes have three digits in a token. */
export const maxIssuers = 1000;

const nationalBanks = 15;

/**
 * The first `count` issuers: every bank there is, then provincial branches of the largest banks, which issue under the bank's
 * institution code with a regional part, each with its share of the bank's BINs.
 */
export function makeIssuers(count: number): readonly Issuer[] {
  const banks = realBanks();
  const branches = Math.max(0, count - banks.length);
  const issuers = banks.slice(0, count).map((bank, i) => issuer(i, headOffice(bank, i, branches)));
  for (let branch = 0; branch < branches; branch += 1) {
    issuers.push(issuer(banks.length + branch, provincialBranch(banks, branch, branches)));
  }
  return issuers;
}

interface Institution {
  readonly bankNumber: number;
  readonly regionCode: string;
  readonly name: string;
  readonly bins: readonly string[];
}

const branchesOf = (bank: number, branches: number): number =>
  bank < nationalBanks ? Math.ceil((branches - bank) / nationalBanks) : 0;

const everyNth = (bank: Bank, offset: number, step: number): string[] =>
  bank.bins.filter((_, i) => i % step === offset);

function headOffice(bank: Bank, index: number, branches: number): Institution {
  const shares = Math.max(0, branchesOf(index, branches)) + 1;
  return { bankNumber: index, regionCode: '0000', name: bank.name, bins: everyNth(bank, 0, shares) };
}

function provincialBranch(banks: readonly Bank[], branch: number, branches: number): Institution {
  const bankNumber = branch % nationalBanks;
  const bank = cyclic(banks, bankNumber);
  const ordinal = Math.floor(branch / nationalBanks);
  const region = cyclic(provinces, ordinal);
  const bins = everyNth(bank, ordinal + 1, branchesOf(bankNumber, branches) + 1);
  return { bankNumber, regionCode: region.code.slice(0, 4), name: `${bank.name}${region.name}分行`, bins };
}

const issuer = (index: number, { bankNumber, regionCode, name, bins }: Institution): Issuer => ({
  issuerId: `${6100 + bankNumber}${regionCode}`,
  name,
  bins: [...bins],
  tokenRanges: (['debit', 'credit'] as const).map((cardType) => ({
    first: `${tokenPrefix(index, cardType)}00000000`,
    last: `${tokenPrefix(index, cardType)}99999999`,
    cardType,
  })),
});

/** Tokens live in 6299, where none of the real BINs above is: 6299, issuer (3 digits), 1 debit or 2 credit, 7 digits, check digit. */
const tokenPrefix = (issuerIndex: number, cardType: CardTypeName): string =>
  `6299${String(issuerIndex).padStart(3, '0')}${cardType === 'debit' ? 1 : 2}`;

/** Tokens of one issuer and card type. */
export const tokensPerRange = 10_000_000;

/** A card's token: 16 digits, the last one the Luhn check digit. */
export function cardToken(issuerIndex: number, cardType: CardTypeName, account: number): string {
  const digits = `${tokenPrefix(issuerIndex, cardType)}${String(account).padStart(7, '0')}`;
  return digits + String(luhnDigit(digits));
}

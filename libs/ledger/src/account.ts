import type { Currency } from '@fourway/kernel';

/** Who an account belongs to. */
export type OwnerType = 'issuer' | 'merchant' | 'provider' | 'agent' | 'acquirer' | 'network';

/** One account of the ledger. Sign of its balance: + means the switch owes the owner. */
export interface Account {
  readonly ownerType: OwnerType;
  readonly ownerId: string;
  /** What the owner holds it for: `clearing`, `payable`, `margin`, `fee_issuer`, `fee_acquirer`, `funding`. */
  readonly purpose: string;
  readonly currency: Currency;
}

/** The network is one party, so its accounts need no id of their own. */
export const networkId = 'switch';

/** `{owner_type}:{owner_id}:{purpose}:{currency}`, for example `merchant:812345678901234:payable:CNY`. */
export const accountName = ({ ownerType, ownerId, purpose, currency }: Account): string =>
  `${ownerType}:${ownerId}:${purpose}:${currency}`;

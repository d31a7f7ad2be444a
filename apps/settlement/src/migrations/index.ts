import { Ledger1763800000001 } from './0001-ledger.ts';
import { Balances1763800000002 } from './0002-balances.ts';

export const migrations = [Ledger1763800000001, Balances1763800000002] as const;

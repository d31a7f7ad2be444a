import { Ledger1763800000001 } from './0001-ledger.ts';
import { Balances1763800000002 } from './0002-balances.ts';
import { Cycles1763800000003 } from './0003-cycles.ts';
import { FollowUps1763800000004 } from './0004-follow-ups.ts';

export const migrations = [
  Ledger1763800000001,
  Balances1763800000002,
  Cycles1763800000003,
  FollowUps1763800000004,
] as const;

import { DenyList1763800000001 } from './0001-deny-list.ts';

export const migrations = [DenyList1763800000001] as const;

import { Directory1763800000001 } from './0001-directory.ts';
import { Orders1763800000002 } from './0002-orders.ts';

export const migrations = [Directory1763800000001, Orders1763800000002] as const;

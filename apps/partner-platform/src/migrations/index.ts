import { Directory1763900000001 } from './0001-directory.ts';

export const migrations = [Directory1763900000001] as const;

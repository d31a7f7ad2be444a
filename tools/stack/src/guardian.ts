// A process of its own, see guardian-process.ts. Arguments: the ledger's file, the supervisor's pid and birth.
import { sweep } from './ledger.ts';

const [file = '', pid = '', born = ''] = process.argv.slice(2);

process.stdin.resume();
process.stdin.once('close', () => void sweep(file, { pid: Number(pid), born }));

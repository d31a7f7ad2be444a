import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SwitchError } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import { readCycleRecord, type CycleRecord } from './cycle-record.ts';
import { sidecarLine } from './detail-file.ts';
import { publishFile, sync, writeDurably } from './durable-file.ts';
import { netDifferences, type SettlementFileRecord } from './file-record.ts';
import { firstDifference } from './first-difference.ts';
import { writeCycleFiles } from './write-cycle-files.ts';

export interface FileVerdict {
  readonly path: string;
  /**
   * `record_differs`: the ledger no longer gives the bytes its cycle recorded. `sidecar_differs`: the file is right, its `.sha256` is not.
   */
  readonly verdict: 'same' | 'restored' | 'missing' | 'differs' | 'record_differs' | 'sidecar_differs';
  /** Where it stops being right; empty where it is. */
  readonly detail: string;
}

export interface CycleVerification {
  readonly cycleId: string;
  /** True where every file is there and right, and worth its participant's position. */
  readonly agree: boolean;
  readonly files: readonly FileVerdict[];
  readonly problems: readonly string[];
}

export interface VerifyCycleOptions {
  readonly database: Database;
  readonly cycleId: string;
  /** The folder of the settlement files. */
  readonly folder: string;
  /** True: files that are missing are put back, if the ledger gives the bytes that were recorded. */
  readonly restore?: boolean;
  readonly onProgress?: (facts: number) => void;
}

/**
 * Makes the files of a cycle anew from the ledger and compares them with its record and with what is stored, byte for byte.
 * @throws SwitchError `not_found` for a cycle that is not there or has no files yet
 */
export async function verifyCycle(options: VerifyCycleOptions): Promise<CycleVerification> {
  const { database, cycleId, onProgress } = options;
  const record = await readCycleRecord(database, cycleId);
  if (record === null) throw new SwitchError('not_found', `there is no cycle ${cycleId}; see: cycle show`);
  if (record.state === 'open' || record.state === 'closed')
    throw new SwitchError(
      'not_found',
      `cycle ${cycleId} is ${record.state}: it has no files yet; see: cycle close --wait`,
    );
  const regenerated = await mkdtemp(join(tmpdir(), 'fourway-cycle-'));
  try {
    const files = await writeCycleFiles({
      ...{ database, cycleId, folder: regenerated },
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return await compareAll({ ...options, record, regenerated, files });
  } finally {
    await rm(regenerated, { recursive: true });
  }
}

interface Comparison extends VerifyCycleOptions {
  readonly record: CycleRecord;
  /** Folder of the files made anew. */
  readonly regenerated: string;
  readonly files: readonly SettlementFileRecord[];
}

async function compareAll(comparison: Comparison): Promise<CycleVerification> {
  const { cycleId, record, files } = comparison;
  const verdicts: FileVerdict[] = [];
  for (const recorded of record.files) verdicts.push(await verdictOf(recorded, comparison));
  const unrecorded = files
    .filter(({ path }) => record.files.every((file) => file.path !== path))
    .map(({ path }) => `the ledger gives ${path}, which the cycle has no record of`);
  const problems = [...unrecorded, ...netDifferences(files, record.positions)];
  const areRight = verdicts.every(({ verdict }) => verdict === 'same' || verdict === 'restored');
  return { cycleId, agree: areRight && problems.length === 0, files: verdicts, problems };
}

async function verdictOf(recorded: SettlementFileRecord, comparison: Comparison): Promise<FileVerdict> {
  const { folder, regenerated, files, restore } = comparison;
  const { path } = recorded;
  const made = files.find((file) => file.path === path);
  if (made === undefined || !isSame(made, recorded))
    return { path, verdict: 'record_differs', detail: `recorded ${recorded.sha256}, ledger ${made?.sha256 ?? 'none'}` };
  const [stored, right] = [join(folder, path), join(regenerated, path)];
  if (!(await exists(stored))) {
    if (restore !== true) return { path, verdict: 'missing', detail: 'no such file' };
    await putBack(right, stored, made.sha256);
    return { path, verdict: 'restored', detail: '' };
  }
  const difference = await firstDifference(stored, right);
  if (difference !== null)
    return { path, verdict: 'differs', detail: `byte ${difference.byte}, line ${difference.line}` };
  const sidecar = await readFile(`${stored}.sha256`, 'utf8').catch(() => '');
  if (sidecar !== sidecarLine(made.sha256, stored))
    return { path, verdict: 'sidecar_differs', detail: `${path}.sha256 does not name ${made.sha256}` };
  return { path, verdict: 'same', detail: '' };
}

const isSame = (one: SettlementFileRecord, other: SettlementFileRecord): boolean =>
  one.sha256 === other.sha256 && one.netMinor === other.netMinor && one.details === other.details;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function putBack(right: string, stored: string, sha256: string): Promise<void> {
  await mkdir(dirname(stored), { recursive: true });
  await copyFile(right, `${stored}.tmp`);
  await publishFile(`${stored}.tmp`, stored);
  await writeDurably(`${stored}.sha256`, sidecarLine(sha256, stored));
  await sync(dirname(stored));
}

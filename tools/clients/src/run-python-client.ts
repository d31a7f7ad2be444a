import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientFolder } from './python-environment.ts';
import type { UpstreamMaterial } from './upstream-material.ts';

export interface ClientRun {
  /** The interpreter of `preparePython`. */
  readonly python: string;
  /** What a stack's `up --json FILE` keeps. */
  readonly stackFile: string;
  readonly material: UpstreamMaterial;
  readonly requests?: number;
  readonly duplicates?: number;
  readonly conflicts?: number;
}

/** What the client says of its run. */
export interface ClientReport {
  readonly operations: number;
  readonly duplicatesSent: number;
  readonly conflictsSent: number;
  readonly operationsWithOneOutcome: number;
  readonly outcomesByStatus: Readonly<Record<string, number>>;
  readonly repeatedAnswers: number;
  readonly refusalsByCode: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
  readonly faultCount: number;
  readonly good: boolean;
  readonly secondsToAllOutcomes: number;
}

/** Runs the client once and returns its exit status, what it printed, and its report; null where it could not run. */
export async function runPythonClient(
  run: ClientRun,
): Promise<{ exitCode: number | null; output: string; report: ClientReport | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-python-client-'));
  try {
    const material = join(folder, 'material.json');
    const json = join(folder, 'report.json');
    writeFileSync(material, JSON.stringify(run.material));
    const { requests = 1_000, duplicates = 100, conflicts = 20 } = run;
    const counts = Object.entries({ requests, duplicates, conflicts }).flatMap(([name, count]) => [
      `--${name}`,
      String(count),
    ]);
    const child = spawn(
      run.python,
      [join(clientFolder, 'client.py'), '--stack', run.stackFile, '--material', material, '--json', json, ...counts],
      // Compiled files have no place in the checkout.
      { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const pieces: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => pieces.push(piece));
    await once(child, 'close');
    return { exitCode: child.exitCode, output: Buffer.concat(pieces).toString(), report: parseReport(json) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const parseReport = (file: string): ClientReport | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClientReport) : null;

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ledger, ownerOf, sweep } from './ledger.ts';
import { identityOf, isAlive, type ProcessIdentity } from './processes/alive.ts';
import { readJsonFile, writeJsonFile } from './processes/json-file.ts';

describe('Ledger', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fourway-ledger-spec-'));
    file = join(folder, 'ledger.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sleeper = (): ProcessIdentity => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    return identityOf(child.pid ?? 0) ?? { pid: 0, born: '' };
  };

  it('is a lock: a second supervisor is told who holds it', async () => {
    await Ledger.open(file);
    await expect(Ledger.open(file)).rejects.toThrow(`supervisor ${process.pid}`);
    expect(ownerOf(file)?.pid).toBe(process.pid);
  });

  it('ends the processes and removes the folders of a supervisor that died', async () => {
    const orphan = sleeper();
    const data = join(folder, 'data');
    mkdirSync(data);
    writeJsonFile(file, {
      owner: { pid: process.pid, born: 'another life' },
      processes: [{ ...orphan, stopSignal: 'SIGTERM' }],
      folders: [data],
    });
    await (await Ledger.open(file)).close();
    expect(isAlive(orphan)).toBe(false);
    expect(existsSync(data)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('never ends a process that only has the number of one of ours', async () => {
    const stranger = sleeper();
    const ledger = await Ledger.open(file);
    writeJsonFile(file, {
      owner: ledger.owner,
      processes: [{ pid: stranger.pid, born: 'earlier', stopSignal: 'SIGKILL' }],
      folders: [],
    });
    await ledger.close();
    expect(isAlive(stranger)).toBe(true);
    process.kill(stranger.pid, 'SIGKILL');
  });

  it('leaves the ledger of a later supervisor alone', async () => {
    const ledger = await Ledger.open(file);
    await sweep(file, { pid: ledger.owner.pid, born: 'an earlier supervisor' });
    expect(readJsonFile(file)).toMatchObject({ owner: ledger.owner });
  });
});

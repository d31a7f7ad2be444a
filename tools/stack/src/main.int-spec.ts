import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { readStack } from './description.ts';
import { readLedger } from './ledger.ts';
import { identityOf } from './processes/alive.ts';
import { repositoryRoot } from './state-folder.ts';

// The compiled program: it starts itself again as a detached supervisor.
const program = join(repositoryRoot, 'tools', 'stack', 'dist', 'main.js');

describe('npm run stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-stack-spec-'));
  const json = join(folder, 'given.json');
  const stack = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args, '--state', folder], { encoding: 'utf8', timeout: 110_000 });
  afterAll(() => {
    stack('down');
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('starts a stack that outlives the command, shows it, and stops it without a trace', () => {
    const up = stack('up', '--services', 'none', '--json', json);
    expect(up.stderr).toBe('');
    const { engines, supervisor, kafka } = readStack(json);
    const pids = [supervisor, ...Object.values(engines).map(({ pid }) => pid ?? 0)];
    expect(pids.map(identityOf)).not.toContain(undefined);
    expect(stack('status')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`kafka +ready +${engines.kafka.pid} +${kafka}`)),
    });
    expect(stack('up', '--services', 'none')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`already up here (supervisor ${supervisor})`),
    });
    expect(stack('restart', 'nobody')).toMatchObject({ status: 1, stderr: expect.stringMatching(/no service nobody/) });
    expect(stack('restart')).toMatchObject({ status: 1, stderr: 'Name services, or give --all.\n' });
    expect(stack('down')).toMatchObject({ status: 0, stdout: 'The stack is down.\n' });
    expect(pids.flatMap((pid) => identityOf(pid) ?? [])).toEqual([]);
    expect(stack('status')).toMatchObject({ status: 1, stderr: expect.stringContaining('No stack is up') });
    expect(stack('restart', '--all')).toMatchObject({ status: 1, stderr: expect.stringContaining('No stack is up') });
  });

  it('leaves no engine behind when the supervisor itself is killed', async () => {
    stack('up', '--services', 'none', '--json', json);
    const { engines, supervisor } = readStack(json);
    const ledger = join(folder, 'run', 'ledger.json');
    const folders = readLedger(ledger)?.folders ?? [];
    expect(folders).toContain(join(folder, 'data'));
    process.kill(supervisor, 'SIGKILL');
    await eventually(() => expect(existsSync(ledger)).toBe(false), { withinMs: 20_000 });
    expect(Object.values(engines).flatMap(({ pid }) => identityOf(pid ?? 0) ?? [])).toEqual([]);
    expect(folders.filter((path) => existsSync(path))).toEqual([]);
  });

  it('refuses a replica count that is not one', () => {
    expect(stack('up', '--replicas', 'risk-scoring=many')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Give service=N'),
    });
  });
});

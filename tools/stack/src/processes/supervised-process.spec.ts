import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { identityOf } from './alive.ts';
import { SupervisedProcess, type ProcessSpec } from './supervised-process.ts';
import { sleep, waitUntil } from './wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'fourway-process-spec-'));
const started: SupervisedProcess[] = [];

function supervise(
  script: string,
  more: Partial<ProcessSpec> = {},
): { process: SupervisedProcess; pids: number[]; states: string[] } {
  const pids: number[] = [];
  const states: string[] = [];
  const spec: ProcessSpec = {
    name: 'subject',
    command: process.execPath,
    args: ['-e', script],
    logFile: join(folder, `${started.length}.log`),
    stopSignal: 'SIGTERM',
    stopGraceMs: 300,
    isReady: () => Promise.resolve(true),
    ...more,
  };
  const subject = new SupervisedProcess(spec, {
    spawned: (_, { pid }) => pids.push(pid),
    changed: ({ state }) => states.push(state),
  });
  started.push(subject);
  subject.start();
  return { process: subject, pids, states };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((subject) => subject.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('SupervisedProcess', () => {
  it('starts a process that was killed again and appends to the same log', async () => {
    const subject = supervise("console.log('here'); setInterval(() => {}, 1000)");
    expect(await waitUntil(() => subject.process.state === 'ready', 5_000)).toBe(true);
    const lines = () => readFileSync(subject.process.spec.logFile, 'utf8').split('here').length - 1;
    expect(await waitUntil(() => lines() === 1, 5_000)).toBe(true);
    process.kill(subject.pids[0] ?? 0, 'SIGKILL');
    expect(await waitUntil(() => subject.process.restarts === 1 && lines() === 2, 10_000)).toBe(true);
    expect(subject.process.lastExit).toBe('SIGKILL');
    expect(subject.states.slice(0, 4)).toEqual(['starting', 'ready', 'restarting', 'starting']);
  });

  it('kills a process that ignores the request to stop, and does not start it again', async () => {
    const subject = supervise("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)");
    expect(await waitUntil(() => readFileSync(subject.process.spec.logFile, 'utf8').includes('up'), 5_000)).toBe(true);
    await subject.process.stop();
    expect(identityOf(subject.pids[0] ?? 0)).toBeUndefined();
    expect(subject.pids).toHaveLength(1);
    expect(subject.process.state).toBe('stopped');
  });

  it('keeps trying a command that does not exist and says why', async () => {
    const subject = supervise('', { command: join(folder, 'no-such-program') });
    expect(await waitUntil(() => subject.process.restarts >= 1, 5_000)).toBe(true);
    expect(subject.process.lastExit).toMatch(/ENOENT/);
  });

  it('does not start a process again that is stopped between two tries', async () => {
    const subject = supervise('process.exit(1)');
    expect(await waitUntil(() => subject.process.state === 'restarting', 5_000)).toBe(true);
    const tries = subject.pids.length;
    await subject.process.stop();
    await sleep(500);
    expect(subject.pids).toHaveLength(tries);
  });

  it('replaces a process on request: how the old one ended, no pause, ready only by the new one’s own probe', async () => {
    let answers = true;
    const script = "process.on('SIGTERM', () => process.exit(0)); console.log('up'); setInterval(() => {}, 1000)";
    const subject = supervise(script, { stopGraceMs: 5_000, isReady: () => Promise.resolve(answers) });
    const { process: supervised, pids } = subject;
    const lives = () => readFileSync(supervised.spec.logFile, 'utf8').split('up').length - 1;
    expect(await waitUntil(() => supervised.state === 'ready' && lives() === 1, 10_000)).toBe(true);
    answers = false;
    expect(await supervised.restart()).toBe('exit 0');
    expect(supervised.state).toBe('starting');
    expect(await supervised.awaitReady(50)).toBeUndefined();
    answers = true;
    expect(await supervised.awaitReady(10_000)).toBe(pids.at(-1));
    expect(identityOf(pids[0] ?? 0)).toBeUndefined();
  });

  it('is not ready before its probe says so, however long it lives', async () => {
    let answers = false;
    const subject = supervise('setInterval(() => {}, 1000)', {
      isReady: () => (answers ? Promise.resolve(true) : Promise.reject(new Error('refused'))),
    });
    await waitUntil(() => subject.pids.length === 1, 5_000);
    expect(subject.process.state).toBe('starting');
    answers = true;
    expect(await waitUntil(() => subject.process.state === 'ready', 5_000)).toBe(true);
  });
});

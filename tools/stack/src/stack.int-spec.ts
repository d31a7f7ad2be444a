import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '@fourway/testing';
import { readStack, type StackDescription } from './description.ts';
import { readLedger } from './ledger.ts';
import { identityOf } from './processes/alive.ts';
import type { ServiceTable } from './services.ts';
import { startStack, type Restart, type RunningStack } from './start-stack.ts';
import { isListening, readMark, storeMark } from './testing-engine-data.ts';

const fixture = 'tools/stack/fixtures/service.mjs';
const table: ServiceTable = {
  services: [
    { name: 'one', entry: fixture, role: 'routing', given: ['acquirers'] },
    { name: 'two', entry: fixture, given: ['api-master-key', 'files'], answersClients: true },
    { name: 'front-door', entry: fixture, given: ['upstreams'], answersClients: true },
  ],
  acquirerEntry: fixture,
  acquirers: [{ id: '48020000', profile: 'iso87b' }],
};

describe('two stacks side by side', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-stack-spec-'));
  const jsonFile = join(folder, 'first.json');
  const restarts: Restart[] = [];
  const pidsInFileAtRestart: number[][] = [];
  const stacks: RunningStack[] = [];
  let first: RunningStack;
  let second: RunningStack;

  beforeAll(async () => {
    const start = (name: string, more: object) =>
      startStack({ stateDir: join(folder, name), size: 'small', table, env: { FOURWAY_LOG_LEVEL: 'warn' }, ...more });
    [first, second] = await Promise.all([start('first', { jsonFile, replicas: { two: 2 } }), start('second', {})]);
    stacks.push(first, second);
    first.onRestart((restart) => {
      restarts.push(restart);
      pidsInFileAtRestart.push(pidsOf(readStack(jsonFile)));
    });
  }, 180_000);

  afterAll(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('gives each its own ports and processes', () => {
    const ports = [first, second].flatMap((stack) => portsOf(stack.description));
    const pids = [first, second].flatMap((stack) => pidsOf(stack.description));
    expect(new Set(ports).size).toBe(ports.length);
    expect(new Set(pids).size).toBe(pids.length);
    expect(first.description.services['two']?.pids).toHaveLength(2);
  });

  it('tells a service its own database role, its replica and where the acquirers are, and nothing of the superuser', async () => {
    const { services, roles, kafka, redis, acquirers } = first.description;
    const given = await environmentOf(services['one']?.replicas[0]?.url);
    const [acquirer] = acquirers;
    expect(given).toMatchObject({
      FOURWAY_SERVICE: 'one',
      FOURWAY_REPLICA: '0',
      FOURWAY_KAFKA: kafka,
      FOURWAY_REDIS_URL: redis,
      FOURWAY_LOG_LEVEL: 'warn',
    });
    expect(given['FOURWAY_POSTGRES_URL']).toBe(roles['routing']);
    expect(JSON.parse(given['FOURWAY_ACQUIRERS'] ?? '')).toEqual([
      { id: '48020000', host: '127.0.0.1', port: acquirer?.port, profile: 'iso87b' },
    ]);
    expect(await environmentOf(services['two']?.replicas[1]?.url)).not.toHaveProperty('FOURWAY_POSTGRES_URL');
  });

  it('tells the front door every replica of those that answer clients, and who needs them the key and the folder', async () => {
    const { services, apiMasterKey, files, url } = first.description;
    const replicas = services['two']?.replicas.map((replica) => replica.url);
    const door = await environmentOf(services['front-door']?.url);
    expect(JSON.parse(door['FOURWAY_UPSTREAMS'] ?? '')).toEqual({ two: replicas });
    expect(url).toBe(services['front-door']?.url);
    expect(apiMasterKey).toMatch(/^[0-9a-f]{64}$/);
    expect(apiMasterKey).not.toBe(second.description.apiMasterKey);
    expect(await environmentOf(replicas?.[1])).toMatchObject({
      FOURWAY_API_MASTER_KEY: apiMasterKey,
      FOURWAY_FILES_DIR: files,
      FOURWAY_DRAIN_MS: '1500',
    });
    const one = await environmentOf(services['one']?.url);
    expect(one).toMatchObject({ FOURWAY_DRAIN_MS: '0' });
    expect([...Object.keys(one), ...Object.keys(door)]).not.toContain('FOURWAY_API_MASTER_KEY');
    expect(statSync(jsonFile).mode & 0o777).toBe(0o600);
  });

  it('restarts a service one replica at a time, each on its own port', async () => {
    const before = first.description.services['two'];
    const pidsMeanwhile: number[][] = [];
    const done = await first.restart(['two'], () =>
      pidsMeanwhile.push(readStack(jsonFile).services['two']?.pids ?? []),
    );
    const after = readStack(jsonFile).services['two'];
    expect(done.map(({ name, ended }) => [name, ended])).toEqual([
      ['two-0', 'exit 0'],
      ['two-1', 'exit 0'],
    ]);
    expect(pidsMeanwhile).toEqual([[done[0]?.pid, before?.pids[1]], after?.pids]);
    expect(after?.replicas.map(({ url }) => url)).toEqual(before?.replicas.map(({ url }) => url));
    expect(after?.replicas.map(({ state }) => state)).toEqual(['ready', 'ready']);
    await expect(first.restart(['three'])).rejects.toThrow(
      'There is no service three; there are one, two, front-door.',
    );
  });

  it('starts a killed service again, on the same port, and the file has its new pid', async () => {
    const before = first.description.services['one'];
    process.kill(before?.pids[0] ?? 0, 'SIGKILL');
    const after = await eventually(() => restartedIn(readStack(jsonFile).services['one']?.replicas[0]), {
      withinMs: 20_000,
    });
    expect(after.pid).not.toBe(before?.pids[0]);
    expect(after.url).toBe(before?.url);
    expect(restarts).toContainEqual({ name: 'one-0', pid: after.pid });
    expect(pidsInFileAtRestart.at(-1)).toContain(after.pid);
  });

  it.each(['kafka', 'postgres', 'redis'] as const)(
    'starts %s again after kill -9 with its data and address',
    async (engine) => {
      const before = first.description;
      await storeMark(before, engine);
      process.kill(before.engines[engine].pid ?? 0, 'SIGKILL');
      const after = await eventually(() => restartedIn(readStack(jsonFile).engines[engine]), { withinMs: 60_000 });
      expect(after.pid).not.toBe(before.engines[engine].pid);
      expect(first.description[engine]).toBe(before[engine]);
      expect(await eventually(() => readMark(first.description, engine), { withinMs: 20_000 })).toBe(engine);
    },
  );

  it('leaves the other stack alone meanwhile', () => {
    expect(Object.values(second.description.engines).map(({ restarts: count }) => count)).toEqual([0, 0, 0]);
  });

  it('refuses a second supervisor on the same folder and leaves the first running', async () => {
    await expect(startStack({ stateDir: join(folder, 'second'), size: 'small', table })).rejects.toThrow(
      /already up here \(supervisor \d+\)/,
    );
    expect(identityOf(second.description.engines.kafka.pid ?? 0)).toBeDefined();
  });

  it('leaves no process, no port and no folder outside its own when stopped', async () => {
    const described = second.description;
    const owned = readLedger(join(folder, 'second', 'run', 'ledger.json'))?.folders ?? [];
    expect(owned).toContain(join(folder, 'second', 'data'));
    expect(await Promise.all(portsOf(described).map(isListening))).not.toContain(false);
    await second.stop();
    expect(pidsOf(described).filter((pid) => identityOf(pid) !== undefined)).toEqual([]);
    expect(await Promise.all(portsOf(described).map(isListening))).not.toContain(true);
    expect(owned.filter((path) => existsSync(path))).toEqual([]);
    expect(() => readStack(join(folder, 'second', 'stack.json'))).toThrow(/was stopped/);
  });
});

function restartedIn<T extends { state: string; restarts: number }>(process: T | undefined): T {
  if (process === undefined || process.restarts === 0 || process.state !== 'ready')
    throw new Error(`not yet: ${JSON.stringify(process)}`);
  return process;
}

async function environmentOf(url: string | undefined): Promise<Record<string, string>> {
  const response = await fetch(`${url}/metrics`);
  return z.record(z.string(), z.string()).parse(await response.json());
}

function portsOf({ kafka, postgres, redis, services, acquirers }: StackDescription): number[] {
  const urls = [
    `tcp://${kafka}`,
    postgres,
    redis,
    ...Object.values(services).flatMap(({ replicas }) => replicas.map(({ url }) => url)),
  ];
  return [...urls, ...acquirers.map(({ url }) => url)]
    .map((url) => Number(new URL(url).port))
    .concat(acquirers.map(({ port }) => port));
}

function pidsOf({ engines, services, acquirers }: StackDescription): number[] {
  const processes = [
    ...Object.values(engines),
    ...acquirers,
    ...Object.values(services).flatMap(({ replicas }) => replicas),
  ];
  return processes.map(({ pid }) => pid ?? 0);
}

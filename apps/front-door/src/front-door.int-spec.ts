import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { NodeProcess } from './testing/child-process.ts';
import { SteadyLoad } from './testing/steady-load.ts';

const json = { 'content-type': 'application/json' };

describe('front door before two replicas', () => {
  const replicas: NodeProcess[] = [];
  let door: NodeProcess;

  const readyReplicas = async (): Promise<number> => {
    const text = await (await fetch(`${door.url}/metrics`)).text();
    return Number(/ready_replicas\{.*service="qr-payment".*\} (\d)/.exec(text)?.[1]);
  };
  const awaitReady = (count: number) =>
    eventually(async () => expect(await readyReplicas()).toBe(count), { withinMs: 30_000 });

  beforeAll(async () => {
    replicas.push(await NodeProcess.start('fixtures/upstream.mjs'), await NodeProcess.start('fixtures/upstream.mjs'));
    const urls = replicas.map(({ url }) => url);
    door = await NodeProcess.start('dist/main.js', {
      FOURWAY_SERVICE: 'front-door',
      FOURWAY_LOG_LEVEL: 'error',
      FOURWAY_UPSTREAMS: JSON.stringify({ 'qr-payment': urls, 'partner-platform': urls }),
    });
    await awaitReady(2);
  }, 60_000);
  afterAll(() => Promise.all([door, ...replicas].map((process) => process.end('SIGKILL'))));

  it('G13: fails no request, keyed or not, while both replicas are restarted in turn', async () => {
    const load = new SteadyLoad(door.url, {
      width: 8,
      request: (n) =>
        n % 2 === 0
          ? { method: 'GET', path: '/v1/orders?afterMs=20' }
          : { method: 'POST', path: '/v1/orders', headers: json, body: JSON.stringify({ n }) },
    });
    for (const replica of replicas) {
      expect(await replica.end('SIGTERM')).toBe(0);
      await replica.start();
      await awaitReady(2);
    }
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });

  it('fails no keyed request when a replica is killed', async () => {
    const [first] = replicas;
    const load = new SteadyLoad(door.url, {
      width: 16,
      request: (n) => ({
        ...{ method: 'POST', path: '/v1/orders?afterMs=30', body: JSON.stringify({ n }) },
        headers: { ...json, 'idempotency-key': `key-${n}` },
      }),
    });
    for (let round = 0; round < 3; round++) {
      const before = load.answered;
      await eventually(() => expect(load.answered).toBeGreaterThan(before + 50));
      await first?.end('SIGKILL');
      await first?.start();
      await awaitReady(2);
    }
    expect((await load.stop()).failures).toEqual([]);
  });

  it('tells the client of a request without a key that it may have been carried out, and does not repeat it', async () => {
    const answer = await fetch(`${door.url}/v1/orders/dies`, { method: 'POST' });
    expect(answer.status).toBe(502);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({
      code: 'replica_lost',
      detail: expect.stringContaining('may have been'),
    });
    await eventually(async () => expect(await readyReplicas()).toBe(1));
    await Promise.all(replicas.map((replica) => replica.end('SIGKILL').then(() => replica.start())));
    await awaitReady(2);
  });

  it('gives a stalled replica no new requests once others are free', async () => {
    const [first] = replicas;
    const load = new SteadyLoad(door.url, { width: 8, request: () => ({ method: 'GET', path: '/v1/orders' }) });
    process.kill(first?.pid ?? 0, 'SIGSTOP');
    try {
      await awaitReady(1);
      const before = load.answered;
      await eventually(() => expect(load.answered).toBeGreaterThan(before + 200), { withinMs: 15_000 });
    } finally {
      process.kill(first?.pid ?? 0, 'SIGCONT');
    }
    expect((await load.stop()).failures).toEqual([]);
    await awaitReady(2);
  });

  it('passes large bodies on in both directions', async () => {
    const large = await fetch(`${door.url}/v1/orders/large?bytes=20000000`);
    expect((await large.arrayBuffer()).byteLength).toBe(20_000_000);
    const imported = await fetch(`${door.url}/v1/directory/import`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: 'x'.repeat(20_000_000) },
    });
    expect(await imported.json()).toEqual({ bytes: 20_000_000 });
  });

  it('passes answers without a body as they are', async () => {
    expect((await fetch(`${door.url}/v1/orders/gone`)).status).toBe(204);
    const head = await fetch(`${door.url}/v1/orders/large?bytes=70000`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('70000');
  });

  it('says when nobody is left, and serves again as soon as one is back', async () => {
    await Promise.all(replicas.map((replica) => replica.end('SIGKILL')));
    await awaitReady(0);
    const answer = await fetch(`${door.url}/v1/orders`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    await Promise.all(replicas.map((replica) => replica.start()));
    await eventually(async () => expect((await fetch(`${door.url}/v1/orders`)).status).toBe(200));
  });

  it('answers what it holds when it is itself asked to stop, and exits 0', async () => {
    await awaitReady(2);
    const held = fetch(`${door.url}/v1/orders?afterMs=2500`);
    await delay(300);
    expect(await door.end('SIGTERM')).toBe(0);
    expect((await held).status).toBe(200);
  });
});

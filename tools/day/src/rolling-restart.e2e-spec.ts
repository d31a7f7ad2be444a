import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  areOrdersComplete,
  brokersOf,
  playOrders,
  prepareWorld,
  rebuildHotData,
  type OrdersReport,
} from '@fourway/cli';
import { defined, sleep } from '@fourway/kernel';
import { startStack, type RunningStack } from '@fourway/stack';
import { createWorld, httpOrders, httpPlainMix, type HttpOrder } from '@fourway/world';

const world = createWorld({ seed: 7, merchants: 300 });
const restarted = ['qr-payment', 'partner-platform', 'risk-scoring', 'acquirer-routing', 'settlement'];
const replicas = Object.fromEntries(restarted.map((name) => [name, 2]));

let folder: string;
let stack: RunningStack;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-rolling-'));
  stack = await startStack({ stateDir: folder, replicas, readyWithinMs: 120_000 });
  await prepareWorld(stack.description, world);
}, 300_000);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

/** Orders that are created and paid, each request once, until the work is done. */
async function whileOrdering<T>(run: string, work: () => Promise<T>): Promise<{ report: OrdersReport; result: T }> {
  let isOver = false;
  function* until(orders: Iterable<HttpOrder>): Generator<HttpOrder> {
    for (const order of orders) {
      if (isOver) return;
      yield order;
    }
  }
  const { url, apiMasterKey } = stack.description;
  const playing = playOrders({
    ...{
      url: defined(url ?? undefined, 'the front door'),
      apiMasterKey,
      brokers: brokersOf(stack.description),
      seed: 7,
    },
    orders: until(httpOrders(world, { orders: 1_000_000, seed: 7, mix: httpPlainMix, run })),
    ratePerSecond: 20,
  });
  const working = work().finally(() => (isOver = true));
  const [report, result] = await Promise.all([playing, working]);
  return { report, result };
}

async function emptyRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('FLUSHALL\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('+OK\r\n');
  socket.destroy();
}

describe('under a load of orders whose clients never repeat a request', () => {
  it('G13: no request fails while both replicas of every service are restarted, one after the other', async () => {
    const { report, result } = await whileOrdering('r', () => stack.restart(restarted));
    expect(result).toHaveLength(restarted.length * 2);
    expect(report.surprises).toEqual({ count: 0, first: [] });
    expect(areOrdersComplete(report)).toBe(true);
    expect(report.orders).toBeGreaterThan(20);
    expect(report.payments.approved).toBe(report.orders);
  }, 300_000);

  it('G6: an emptied Redis fails no request, and the hot data is rebuilt meanwhile', async () => {
    const { report, result } = await whileOrdering('f', async () => {
      await sleep(2_000);
      await emptyRedis(stack.description.redis);
      const rebuilt = await rebuildHotData({ stack: stack.description });
      await sleep(2_000);
      return rebuilt;
    });
    expect(result.map(({ service }) => service).toSorted()).toEqual(['acquirer-routing', 'risk-scoring']);
    expect(report.surprises).toEqual({ count: 0, first: [] });
    expect(report.orders).toBeGreaterThan(20);
  }, 120_000);
});

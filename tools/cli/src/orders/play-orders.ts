import { sleep } from '@fourway/kernel';
import type { HttpOrder } from '@fourway/world';
import { ApiClient } from './api-client.ts';
import { playOrder } from './order-journey.ts';
import { OrderTally } from './order-tally.ts';
import { ordersReportOf, type OrdersReport } from './orders-report.ts';
import { OtherDoor } from './other-door.ts';

export interface PlayOrdersOptions {
  /** The front door, or a qr-payment of its own. */
  readonly url: string;
  readonly apiMasterKey: string;
  readonly brokers: readonly string[];
  readonly orders: Iterator<HttpOrder, unknown>;
  /** Orders per second; null as fast as they are answered. */
  readonly ratePerSecond: number | null;
  readonly seed: number;
  /** Orders under way at most. Default 256. */
  readonly concurrency?: number;
  /** How long a payment may stay pending, milliseconds. Default 60,000. */
  readonly waitMs?: number;
  /** How long a request that no service answers is repeated, milliseconds. Default 0: it ends the play. */
  readonly repeatForMs?: number;
  /** Told about four times a second. */
  readonly onProgress?: (ended: number, underWay: number) => void;
}

const defaults = { concurrency: 256, waitMs: 60_000 };
const tickMs = 5;
const progressMs = 250;

/** Creates orders over HTTP and pays them, as merchants and payers' apps would; returns when every order has its end. */
export async function playOrders(options: PlayOrdersOptions): Promise<OrdersReport> {
  const {
    url,
    apiMasterKey,
    brokers,
    seed,
    waitMs = defaults.waitMs,
    concurrency = defaults.concurrency,
    repeatForMs = 0,
  } = options;
  const tally = new OrderTally();
  // A waiting merchant and a waiting payer hold a connection each.
  const client = new ApiClient(url, { masterKeyHex: apiMasterKey, connections: concurrency * 2, repeatForMs });
  const otherDoor = new OtherDoor(brokers, seed);
  await otherDoor.start();
  const startedMs = performance.now();
  try {
    const context = { client, tally, waitMs, otherDoor: (order: HttpOrder) => otherDoor.send(order) };
    await playAll(options, concurrency, (order) => playOrder(order, context));
    return ordersReportOf(tally, {
      seconds: (performance.now() - startedMs) / 1_000,
      repeats: client.repeats,
      otherDoor: { sent: otherDoor.sent, refused: await otherDoor.refusals(waitMs) },
    });
  } finally {
    await Promise.all([client.close(), otherDoor.stop()]);
  }
}

async function playAll(
  { orders, ratePerSecond, onProgress }: PlayOrdersOptions,
  concurrency: number,
  playOne: (order: HttpOrder) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const startedMs = performance.now();
  let [begun, ended, toldMs] = [0, 0, 0];
  for (let next = orders.next(); next.done !== true; next = orders.next()) {
    while (underWay.size >= concurrency) await Promise.race(underWay);
    while (ratePerSecond !== null && begun >= ((performance.now() - startedMs) * ratePerSecond) / 1_000)
      await sleep(tickMs);
    begun += 1;
    const one = playOne(next.value).finally(() => {
      underWay.delete(one);
      ended += 1;
      if (performance.now() - toldMs < progressMs) return;
      toldMs = performance.now();
      onProgress?.(ended, underWay.size);
    });
    // Awaited below; until then a failure must not end the process.
    one.catch(() => undefined);
    underWay.add(one);
  }
  await Promise.all(underWay);
  onProgress?.(ended, 0);
}

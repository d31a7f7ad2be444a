import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { eventually } from '@fourway/testing';
import { maxOpenRecords, mostOpenOperations } from '../authorize-payment/open-bounds.ts';
import { fleetParties, RoutingFleet } from '../testing/routing-fleet.ts';
import { sale, scoredRecord } from '../testing/routing-rig.ts';

const acquirerMaxInFlight = 500;
const mostOpen = mostOpenOperations({ acquirers: [1], acquirerMaxInFlight }) + maxOpenRecords;
const backlog = 26_000;
/** Longer than the service's own statements may take (15 s): they are cancelled, and must be tried again. */
const stallSeconds = 20;
/** Far from what the whole backlog would take; a service that has nothing to do has 60 MiB. */
const mostHeapBytes = 256 << 20;

let fleet: RoutingFleet;
let locker: Database;
beforeAll(async () => {
  fleet = await RoutingFleet.create({
    FOURWAY_ACQUIRER_MAX_IN_FLIGHT: String(acquirerMaxInFlight),
    FOURWAY_PARK_AFTER_MS: '100',
  });
  locker = new Database({
    url: fleet.postgresUrl,
    applicationName: 'locker',
    maxConnections: 1,
    statementTimeoutMs: 0,
  });
  // Connected before the machine is busy.
  await locker.query({ name: '', text: 'select', values: [] });
  await fleet.up(0);
});
afterAll(async () => {
  await locker.close();
  await fleet.stop();
});

const count = async (table: string): Promise<number> => {
  const [row] = await fleet.database.query({ name: '', text: `select count(*) from ${table}`, values: [] });
  return Number(row?.[0]);
};

describe('a backlog behind a store that stands still', () => {
  it('stays in Kafka: fetching pauses, memory is bounded, and everything is decided when the store is back', async () => {
    const stalled = locker.query({
      ...{ name: '', values: [] },
      text: `do $$ begin lock table outcome in exclusive mode; perform pg_sleep(${stallSeconds}); end $$`,
    });
    const isOver = stalled.then(() => true);
    await request(backlog);
    const highest = { openOperations: 0, openRecords: 0, heapBytes: 0 };
    while (!(await Promise.race([isOver, sleep(200).then(() => false)]))) {
      const now = {
        openOperations: await fleet.gauge(0, 'switch_open_operations'),
        openRecords: await fleet.gauge(0, 'switch_stream_open_records'),
        heapBytes: await fleet.gauge(0, 'nodejs_heap_size_used_bytes'),
      };
      for (const key of ['openOperations', 'openRecords', 'heapBytes'] as const)
        highest[key] = Math.max(highest[key], now[key]);
    }
    expect(highest.openOperations).toBeGreaterThan(0);
    expect(highest.openOperations).toBeLessThanOrEqual(mostOpen);
    expect(highest.openRecords).toBeLessThanOrEqual(maxOpenRecords);
    expect(highest.heapBytes).toBeLessThan(mostHeapBytes);
    await eventually(async () => expect(await count('outcome')).toBe(backlog), { withinMs: 90_000, everyMs: 500 });
    // The process that stood still is the one that went on.
    expect(fleet.isUp(0)).toBe(true);
    await eventually(async () => expect(await fleet.gauge(0, 'switch_open_operations')).toBe(0));
  }, 180_000);
});

async function request(sales: number): Promise<void> {
  const chunk = 2_000;
  for (let sent = 0; sent < sales; sent += chunk) {
    const messages = Array.from({ length: chunk }, () => {
      const operation = sale(fleetParties);
      return { key: operation.rootId, value: scoredRecord(operation).value };
    });
    await fleet.producer.send(topics.scored.name, messages);
  }
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { ReversalRepository } from '../reverse-attempt/reversal.repository.ts';
import type { DayPartition } from './days.ts';
import type { KeptDays } from './horizons.ts';
import { Retention, type KeptDay } from './retention.handler.ts';
import { dayMs, dayOfAge, idOfAge, routingDatabase, type RoutingDatabase } from './routing-database.fixture.ts';

let routing: RoutingDatabase;
beforeEach(async () => {
  routing = await routingDatabase();
});
afterEach(() => routing.close());

interface Seen {
  readonly retention: Retention;
  readonly dropped: DayPartition[];
  readonly kept: KeptDay[];
  readonly purged: Map<string, number>;
}

/** Retention as it would run `inDays` from now. Twenty days of claims, thirty of outcomes. */
function retentionOf({
  inDays = 0,
  kept = { claims: 20, outcomes: 30 },
}: { inDays?: number; kept?: KeptDays } = {}): Seen {
  const dropped: DayPartition[] = [];
  const seen: KeptDay[] = [];
  const purged = new Map<string, number>();
  const retention = new Retention({
    clock: { nowMs: () => Date.now() + inDays * dayMs },
    horizons: { claimHorizonDays: 10 },
    ...{ kept, openDatabase: routing.open },
    onDropped: (partition) => dropped.push(partition),
    onPurged: (table, rows) => purged.set(table, rows),
    onKept: (days) => seen.splice(0, seen.length, ...days),
  });
  return { retention, dropped, kept: seen, purged };
}

const partitions = async (table: string): Promise<string[]> =>
  (
    await routing.sql(
      `select inhrelid::regclass::text from pg_inherits where inhparent = '${table}'::regclass order by 1`,
    )
  ).map(([name]) => String(name));

describe('retention', () => {
  it('drops the days whose whole day is past, of each table at its own horizon, and no other', async () => {
    const ids = [19, 20, 21, 29, 31].map(idOfAge);
    await routing.decided(ids);
    const { retention, dropped } = retentionOf();
    expect(await retention.run()).toBe(true);
    expect((await partitions('claim'))[0]).toBe(`claim_${dayOfAge(20)}`);
    expect((await partitions('outcome'))[0]).toBe(`outcome_${dayOfAge(30)}`);
    expect((await partitions('payment_totals'))[0]).toBe(`payment_totals_${dayOfAge(30)}`);
    expect(await routing.one('select count(*) from claim')).toBe('2');
    expect(await routing.one('select count(*) from outcome')).toBe('4');
    expect(
      await routing.one(
        `select count(*) from pg_class where relname in ('claim_${dayOfAge(21)}', 'outcome_${dayOfAge(31)}')`,
      ),
    ).toBe('0');
    expect(dropped.filter(({ table }) => table === 'claim')).toHaveLength(36 - 20);
    // And again: nothing is left to do, and what was dropped is not made anew.
    const again = retentionOf();
    await again.retention.run();
    expect(again.dropped).toEqual([]);
  });

  it('makes the days to come', async () => {
    const { retention } = retentionOf();
    await routing.sql(`drop table claim_${dayOfAge(-3)}, claim_${dayOfAge(-2)}, outcome_${dayOfAge(-3)}`);
    await retention.run();
    await routing.decided([idOfAge(-2.9)]);
    expect(await routing.one(`select count(*) from claim_${dayOfAge(-2.9)}`)).toBe('1');
  });

  it('a row of a day that was dropped cannot be stored again, whatever a clock says', async () => {
    await retentionOf().retention.run();
    await expect(routing.claimed([idOfAge(25)])).rejects.toThrow(/no partition of relation "claim"/);
  });
});

describe('open work', () => {
  it('keeps the day of a claim that nobody decided, until somebody did', async () => {
    const open = idOfAge(25);
    await routing.claimed([open]);
    const first = retentionOf();
    await first.retention.run();
    expect(first.kept).toMatchObject([{ table: 'claim', why: 'undecided_claims' }]);
    expect(await routing.one('select count(*) from claim')).toBe('1');
    await routing.sql(`delete from claim`);
    await routing.decided([open]);
    const second = retentionOf();
    await second.retention.run();
    expect(second.dropped.map(({ name }) => name)).toEqual([`claim_${dayOfAge(25)}`]);
    expect(second.kept).toEqual([]);
  });

  it('keeps what a parked record needs: its claim, and the outcome and totals of the payment it is on', async () => {
    const [root, refund] = [idOfAge(34), idOfAge(24)];
    await routing.decided([root, refund]);
    await routing.parked(refund, root);
    const { retention, kept } = retentionOf();
    await retention.run();
    expect(kept.map(({ name, why }) => `${name} ${why}`).sort()).toEqual(
      [
        `claim_${dayOfAge(34)} parked_records`,
        `claim_${dayOfAge(24)} parked_records`,
        `outcome_${dayOfAge(34)} parked_records`,
        `payment_totals_${dayOfAge(34)} parked_records`,
      ].sort(),
    );
    expect(await partitions('payment_totals')).toContain(`payment_totals_${dayOfAge(34)}`);
    await routing.sql('delete from parked');
    const after = retentionOf();
    await after.retention.run();
    expect(after.kept).toEqual([]);
    expect(await partitions('payment_totals')).not.toContain(`payment_totals_${dayOfAge(34)}`);
  });

  it('an unacknowledged reversal still goes out when its claim is gone, and keeps its outcome', async () => {
    const [owed, returned] = [idOfAge(34), idOfAge(33)];
    await routing.decided([owed, returned]);
    await routing.reversal(owed, 'pending');
    await routing.reversal(returned, 'acknowledged');
    const { retention, kept, purged } = retentionOf();
    await retention.run();
    expect(await partitions('claim')).not.toContain(`claim_${dayOfAge(34)}`);
    expect(kept.map(({ name, why }) => `${name} ${why}`)).toEqual([
      `outcome_${dayOfAge(34)} unacknowledged_reversals`,
      `payment_totals_${dayOfAge(34)} unacknowledged_reversals`,
    ]);
    expect(purged.get('reversal')).toBe(1);
    const due = await new ReversalRepository(routing.database).takeDue(10);
    expect(due).toMatchObject([{ operationId: owed, amountMinor: 100n }]);
  });

  it("purges merchants' orders with the outcomes they point to, and none that is younger", async () => {
    await routing.sql(
      `insert into merchant_order (operation_id, merchant_id, order_no) select id, n, 'order' from unnest($1::uuid[]) with ordinality u (id, n)`,
      [[idOfAge(31), idOfAge(29)]],
    );
    const { retention, purged } = retentionOf();
    await retention.run();
    expect(purged.get('merchant_order')).toBe(1);
    expect(await routing.one('select merchant_id from merchant_order')).toBe('2');
  });
});

describe('beside others', () => {
  it('one of two replicas at once does it, the other passes', async () => {
    const [one, other] = [retentionOf(), retentionOf()];
    const results = await Promise.all([one.retention.run(), other.retention.run()]);
    expect(results.sort()).toEqual([false, true]);
    expect([...one.dropped, ...other.dropped].filter(({ table }) => table === 'claim')).toHaveLength(36 - 20);
    expect(await one.retention.run()).toBe(true);
  });

  it('claims go on while days are dropped and somebody reads them all: none fails and none waits for the drop', async () => {
    const over = Promise.withResolvers<undefined>();
    const reading = Promise.withResolvers<undefined>();
    const reader = routing.database.transaction(async (run) => {
      await run({ name: '', text: 'select count(*) from claim', values: [] });
      reading.resolve(undefined);
      await over.promise;
    });
    await reading.promise;
    const kept = { claims: 34, outcomes: 34 };
    const first = retentionOf({ kept });
    const dropping = first.retention.run();
    const pending = 'select count(*) from pg_inherits where inhdetachpending';
    try {
      await eventually(async () => expect(await routing.one(pending)).toBe('1'));
      // A drop that took the table's lock would wait for the reader, these for the drop, and the reader for these.
      for (let claims = 0; claims < 50; claims++) await routing.decided([idOfAge(0), idOfAge(34)]);
      await dropping;
    } finally {
      over.resolve(undefined);
      await reader;
    }
    expect(new Set(first.kept.map(({ table, why }) => `${table} ${why}`))).toEqual(new Set(['claim in_use']));
    const second = retentionOf({ kept });
    await second.retention.run();
    expect(second.dropped.map(({ name }) => name)).toEqual([`claim_${dayOfAge(36)}`, `claim_${dayOfAge(35)}`]);
    expect(await routing.one('select count(*) from claim')).toBe('100');
  });

  it('finishes a drop that was interrupted between detaching and dropping', async () => {
    const partition = `claim_${dayOfAge(30)}`;
    const gaveUp = Promise.withResolvers<undefined>();
    const reading = Promise.withResolvers<undefined>();
    const reader = routing.database.transaction(async (run) => {
      await run({ name: '', text: 'select count(*) from claim', values: [] });
      reading.resolve(undefined);
      await gaveUp.promise;
    });
    await reading.promise;
    const interrupted = routing.open();
    await interrupted.query({ name: '', text: `set lock_timeout = '300ms'`, values: [] });
    const detach = { name: '', text: `alter table claim detach partition ${partition} concurrently`, values: [] };
    await expect(interrupted.query(detach)).rejects.toMatchObject({ code: '55P03' });
    await interrupted.close();
    gaveUp.resolve(undefined);
    await reader;
    expect(
      await routing.one(`select inhdetachpending from pg_inherits where inhrelid = '${partition}'::regclass`),
    ).toBe('t');
    await routing.sql(`alter table claim detach partition claim_${dayOfAge(31)}`);
    const { retention, dropped } = retentionOf();
    await retention.run();
    expect(dropped.map(({ name }) => name)).toEqual(expect.arrayContaining([partition, `claim_${dayOfAge(31)}`]));
    expect(
      await routing.one(`select count(*) from pg_class where relname in ('${partition}', 'claim_${dayOfAge(31)}')`),
    ).toBe('0');
  });
});

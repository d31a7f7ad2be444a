import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plain, type Run } from './days.ts';
import { NightlySweep, type LatestSweep } from './nightly-sweep.ts';
import { idOfAge, routingDatabase, type RoutingDatabase } from './routing-database.fixture.ts';
import { sweepDay, type DaySweep } from './sweep-day.ts';

const day = (age: number): string => new Date(Date.now() - age * 86_400_000).toISOString().slice(0, 10);
const undecidedAfterMs = 60_000;

let routing: RoutingDatabase;
let run: Run;
let ids: readonly string[];
beforeEach(async () => {
  routing = await routingDatabase();
  run = (statement) => routing.database.query(statement);
  ids = Array.from({ length: 25 }, () => idOfAge(2));
  await routing.decided(ids);
});
afterEach(() => routing.close());

const swept = (): Promise<DaySweep> => sweepDay({ day: day(2), undecidedAfterMs, run, sliceRows: 7 });

describe('the sweep of a day', () => {
  it('counts every claim once over all slices, and finds nothing where all are decided', async () => {
    expect(await swept()).toEqual({ day: day(2), claims: 25, outcomes: 25, undecided: 0, unclaimed: 0, examples: [] });
  });

  it('names a claim past its deadline that is neither decided nor parked, and an outcome without its claim', async () => {
    await routing.sql('delete from outcome where operation_id = $1', [ids[3]]);
    await routing.sql('delete from claim where operation_id = $1', [ids[20]]);
    const sweep = await swept();
    expect(sweep).toMatchObject({ claims: 24, outcomes: 24, undecided: 1, unclaimed: 1 });
    expect(sweep.examples).toEqual([ids[3], ids[20]].sort());
  });

  it('does not name what is under way: parked, or younger than its deadline', async () => {
    await routing.sql('delete from outcome where operation_id = any($1)', [[ids[3], ids[4]]]);
    await routing.parked(String(ids[3]));
    await routing.sql('update claim set claimed_at = now() where operation_id = $1', [ids[4]]);
    expect(await swept()).toMatchObject({ undecided: 0, unclaimed: 0 });
  });
});

describe('the nightly sweep', () => {
  const sweepOf = (found: DaySweep[], latest: LatestSweep[] = []): NightlySweep =>
    new NightlySweep({
      ...{ clock: { nowMs: () => Date.now() }, openDatabase: routing.open, undecidedAfterMs },
      onSwept: (sweep) => found.push(sweep),
      onLatest: (newest) => latest.push(newest),
    });

  it('sweeps every night that was missed, each day once whichever replica comes, and all of them tell the newest', async () => {
    const found: DaySweep[] = [];
    const latest: LatestSweep[] = [];
    await Promise.all([sweepOf(found, latest).run(), sweepOf(found, latest).run()]);
    await sweepOf(found, latest).run();
    expect(found).toHaveLength(7);
    expect(new Set(found.map((sweep) => sweep.day)).size).toBe(7);
    expect(found.find((sweep) => sweep.day === day(2))?.claims).toBe(25);
    expect(latest.at(-1)).toMatchObject({ undecided: 0, unclaimed: 0 });
    expect((await run(plain('select count(*) from swept_day')))[0]?.[0]).toBe('7');
  });

  it('leaves a day alone that is not over', async () => {
    const found: DaySweep[] = [];
    await sweepOf(found).run();
    expect(found.map((sweep) => sweep.day)).not.toContain(day(0));
  });
});

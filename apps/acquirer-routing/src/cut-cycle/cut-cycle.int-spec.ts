import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeOutcomeRecord, topics } from '@fourway/contracts';
import { Database, migrate } from '@fourway/platform-postgres';
import type { EventMessage, PartitionProgress } from '@fourway/platform-stream';
import { eventually, freshDatabase, type FreshDatabase } from '@fourway/testing';
import { migrations } from '../migrations/index.ts';
import { CutCycle } from './cut-cycle.handler.ts';
import { CutRepository } from './cut.repository.ts';

const sources = Array.from({ length: topics.scored.partitions }, (_, partition) => partition);
let fresh: FreshDatabase;
let database: Database;
const sql = (text: string) => database.query({ name: '', text, values: [] });
const one = async (text: string) => (await sql(text))[0]?.[0];

beforeEach(async () => {
  fresh = await freshDatabase('cuts');
  const url = new URL(fresh.url);
  url.searchParams.set('options', '-c search_path=routing');
  database = new Database({ url: url.href, applicationName: 'cuts', maxConnections: 4 });
  await sql('create schema routing');
  await migrate({ url: url.href, schema: 'routing', migrations });
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
});

describe('the business date', () => {
  it("is the calendar's, where the day ends at 23:00 in China, until a date is cut early", async () => {
    const calendar = await one('select calendar_date(now())');
    expect(await one('select business_date(now())')).toBe(calendar);
    expect(await one(`select calendar_date('2026-03-04T14:59:59Z')`)).toBe('2026-03-04');
    expect(await one(`select calendar_date('2026-03-04T15:00:00Z')`)).toBe('2026-03-05');
    expect(await one(`select request_cut('operator')`)).toBe(calendar);
    expect(await one(`select business_date(now()) - calendar_date(now())`)).toBe('1');
    await sql('select cut_by_calendar()');
    expect(await one('select count(*) from cut')).toBe('2');
  });

  it('is one for a whole statement, though a cut is stored while it runs', async () => {
    await database.transaction(async (run) => {
      const dates = `select business_date(now()) from generate_series(1, 3) n, pg_sleep(case n when 2 then 0.3 else 0 end)`;
      const reading = run({ name: '', text: dates, values: [] });
      const cutting = sql(`select request_cut('operator')`);
      const [[first] = [], [second] = [], [third] = []] = await reading;
      await cutting;
      expect([second, third]).toEqual([first, first]);
    });
  });

  it('is cut once by two operators at once, and by the calendar for every day that was missed', async () => {
    const dates = await database.transaction(async (run) => {
      const [row] = await run({ name: '', text: `select request_cut('operator')`, values: [] });
      const other = one(`select request_cut('operator')`);
      const blocked = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%request_cut%'`;
      await eventually(async () => expect(await one(blocked)).toBe('1'));
      return { first: row?.[0], other };
    });
    expect(await dates.other).toBe(dates.first);
    await sql(
      `delete from cut; insert into cut (business_date, requested_by, completed_at) values (calendar_date(now()) - 4, 'test', now())`,
    );
    await Promise.all([sql('select cut_by_calendar()'), sql('select cut_by_calendar()')]);
    expect(await one(`select count(*) from cut where requested_by = 'calendar'`)).toBe('3');
    expect(await one('select max(business_date) - calendar_date(now()) from cut')).toBe('-1');
  });
});

describe('cut marks (G10)', () => {
  it('go to every outcomes partition, for each source partition that is drained, once', async () => {
    const date = await one(`select request_cut('operator')`);
    const owner = replica(sources, { undone: [2] });
    await owner.cycle.run();
    await owner.cycle.run();
    expect(owner.marks).toHaveLength((sources.length - 1) * topics.outcomes.partitions);
    expect(await one('select completed_at is null from cut order by business_date desc limit 1')).toBe('t');
    owner.undone.clear();
    await owner.cycle.run();
    await owner.cycle.run();
    const expected = sources.flatMap((source) =>
      Array.from({ length: topics.outcomes.partitions }, (_, partition) => `${date} ${source} in ${partition}`),
    );
    expect(owner.marks.toSorted()).toEqual(expected.toSorted());
    expect(await one('select completed_at is null from cut order by business_date desc limit 1')).toBe('f');
  });

  it('are finished by new owners when the old one dies between the cut and its marks, and after marks it never recorded', async () => {
    await sql(`select request_cut('operator')`);
    const dying = replica([0, 1, 2, 3], { diesBeforeRecording: true });
    await expect(dying.cycle.run()).rejects.toThrow('killed');
    const [one_, other] = [replica([0, 1, 2, 5]), replica([3, 4, 6, 7])];
    await Promise.all([one_.cycle.run(), other.cycle.run()]);
    expect(new Set([...one_.marks, ...other.marks]).size).toBe(sources.length * topics.outcomes.partitions);
    expect(
      await one(
        'select array_length(marked_partitions, 1) from cut where completed_at is not null order by business_date desc limit 1',
      ),
    ).toBe('8');
  });

  it('are reported while they are missing, with the age of the cut', async () => {
    await sql(
      `select request_cut('operator'); update cut set cut_at = now() - interval '5 minutes' where completed_at is null`,
    );
    const owner = replica(sources, { undone: sources });
    await owner.cycle.run();
    expect(owner.unmarkedSeconds()).toBeGreaterThanOrEqual(300);
    owner.undone.clear();
    await owner.cycle.run();
    await owner.cycle.run();
    expect(owner.unmarkedSeconds()).toBe(0);
  });
});

/** The part of a process that cuts; it owns these source partitions and has work left in the undone ones. */
function replica(
  owned: readonly number[],
  { undone = [], diesBeforeRecording = false }: { undone?: readonly number[]; diesBeforeRecording?: boolean } = {},
) {
  const marks: string[] = [];
  const open = new Set(undone);
  let unmarked = -1;
  const repository = new CutRepository(database);
  const progress = (): PartitionProgress[] =>
    owned.map((partition) => ({
      ...{ topic: topics.scored.name, partition, generation: 1, logEndAtStart: 0n, consumedTo: 10n },
      doneTo: open.has(partition) ? 9n : 10n,
    }));
  const cycle = new CutCycle({
    progress,
    cuts: {
      cutByCalendar: () => repository.cutByCalendar(),
      open: () => repository.open(),
      recordMarks: (...marked) =>
        diesBeforeRecording ? Promise.reject(new Error('killed')) : repository.recordMarks(...marked),
    },
    producer: { send: (_, messages) => Promise.resolve(void marks.push(...messages.map(describeMark))) },
    onUnmarked: (seconds) => {
      unmarked = seconds;
    },
  });
  return { cycle, marks, undone: open, unmarkedSeconds: () => unmarked };
}

function describeMark({ value, partition }: EventMessage): string {
  const mark = decodeOutcomeRecord(value ?? Buffer.alloc(0));
  if (mark.kind !== 'cut_mark') throw new Error('not a mark');
  expect(mark.sourcePartitions).toBe(sources.length);
  return `${mark.businessDate} ${mark.sourcePartition} in ${partition}`;
}

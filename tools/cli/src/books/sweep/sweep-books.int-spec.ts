import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defined, uuidV7 } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { freshDatabase, type FreshDatabase } from '@fourway/testing';
import { printSweep } from './print-sweep.ts';
import { sweepBooks, type SweepReport } from './sweep-books.ts';

// A day as routing and settlement keep it, sound to begin with; each test spoils one row of it.
const day = '2026-11-20';
const idOf = (n: number): string => uuidV7(Date.parse(day) + n * 1_000, Buffer.alloc(10, n));
const kinds = ['sale', 'sale', 'authorize', 'capture', 'refund', 'void', 'reversal'];
const originals = [null, null, null, null, null, 'authorize', 'refund'];
const statuses = ['approved', 'declined', 'approved', 'approved', 'approved', 'approved', 'approved'];
const sign = ['1', '', '', '1', '-1', '', '1'];
const operations = Array.from({ length: 70 }, (_, n) => ({
  ...{ id: idOf(n), kind: kinds[n % 7], original: originals[n % 7], status: statuses[n % 7] },
  ...{ amount: 1_000 + n, gross: sign[n % 7] === '' ? null : Number(sign[n % 7]) * (1_000 + n) },
}));
const [sale, declined, hold, , refund] = operations.slice(0, 5).map(({ id }) => id);

const tables = `
  create schema routing;
  create schema settlement;
  create table routing.claim (operation_id uuid primary key, claimed_at timestamptz) partition by range (operation_id);
  create table routing.claim_20261120 partition of routing.claim default;
  create table routing.outcome (operation_id uuid primary key, root_id uuid, kind text, status text, amount_minor bigint, currency char(3),
    original_kind text, decided_at timestamptz);
  create table routing.parked (operation_id uuid);
  create table settlement.fact (operation_id uuid primary key, gross bigint, currency text);
`;

let fresh: FreshDatabase;
let database: Database;
const run = async (text: string, values: readonly unknown[] = []): Promise<void> => {
  await database.query({ name: '', text, values });
};

beforeAll(async () => {
  fresh = await freshDatabase('sweep');
  database = new Database({ url: fresh.url, applicationName: 'sweep-spec', maxConnections: 1 });
  await run(tables);
});

beforeEach(async () => {
  await run('truncate routing.claim, routing.outcome, routing.parked, settlement.fact');
  const column = (name: keyof (typeof operations)[number]) => operations.map((operation) => operation[name]);
  await run(`insert into routing.claim select *, now() - interval '1 hour' from unnest($1::uuid[])`, [column('id')]);
  await run(
    `insert into routing.outcome select id, $6, kind, status, amount, 'CNY', original, now() - interval '1 hour'
      from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[]) u (id, kind, status, amount, original)`,
    [column('id'), column('kind'), column('status'), column('amount'), column('original'), null],
  );
  await run(
    `insert into settlement.fact select id, gross, 'CNY' from unnest($1::uuid[], $2::bigint[]) u (id, gross) where gross is not null`,
    [column('id'), column('gross')],
  );
  // Another day's are none of this one's business.
  await run(`insert into routing.claim values ($1, now() - interval '1 hour')`, [idOf(-1)]);
  await run(`insert into settlement.fact values ($1, 5, 'CNY')`, [idOf(86_400)]);
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const sweep = (): Promise<SweepReport> => sweepBooks({ postgresUrl: fresh.url, day, sliceRows: 9 });

describe('the sweep of a day', () => {
  it('agrees where every claim has its outcome and every approval that posts its one fact, slice by slice', async () => {
    const report = await sweep();
    expect(report).toMatchObject({
      agree: true,
      claims: 70,
      outcomes: 70,
      facts: 40,
      differenceCount: 0,
      differences: [],
    });
    expect(printSweep(report)).toMatch(/claims, outcomes and facts of 2026-11-20 agree$/);
  });

  it.each([
    [
      'an outcome is gone whose fact is there',
      `delete from routing.outcome where operation_id = $1`,
      sale,
      'fact_without_outcome',
    ],
    [
      'an outcome is gone that posted nothing',
      `delete from routing.outcome where operation_id = $1`,
      declined,
      'undecided',
    ],
    ['a claim is gone', `delete from routing.claim where operation_id = $1`, declined, 'unclaimed'],
    ['a fact is gone', `delete from settlement.fact where operation_id = $1`, refund, 'unposted'],
    [
      'a fact has another amount',
      `update settlement.fact set gross = gross + 1 where operation_id = $1`,
      sale,
      'misposted',
    ],
    [
      'a fact has the wrong sign',
      `update settlement.fact set gross = -gross where operation_id = $1`,
      refund,
      'misposted',
    ],
    [
      'a fact has another currency',
      `update settlement.fact set currency = 'USD' where operation_id = $1`,
      sale,
      'misposted',
    ],
    ['a decline is posted', `insert into settlement.fact values ($1, 1001, 'CNY')`, declined, 'wrongly_posted'],
    ['a hold is posted', `insert into settlement.fact values ($1, 1002, 'CNY')`, hold, 'wrongly_posted'],
    [
      'an approval became a decline',
      `update routing.outcome set status = 'declined' where operation_id = $1`,
      sale,
      'wrongly_posted',
    ],
  ] as const)('names the payment when %s', async (...[, text, id, problem]) => {
    await run(text, [id]);
    const report = await sweep();
    expect(report).toMatchObject({ agree: false, differenceCount: 1 });
    expect(report.differences).toMatchObject([{ operationId: id, rootId: id, problem }]);
    expect(printSweep(report)).toContain(`payment ${defined(id, 'operation')}`);
  });

  it('lets be what is under way: parked, claimed or decided a moment ago', async () => {
    await run('delete from routing.outcome where operation_id = any($1)', [[declined, hold]]);
    await run('insert into routing.parked values ($1)', [declined]);
    await run('update routing.claim set claimed_at = now() where operation_id = $1', [hold]);
    await run('delete from settlement.fact where operation_id = $1', [sale]);
    await run('update routing.outcome set decided_at = now() where operation_id = $1', [sale]);
    expect((await sweep()).differences).toEqual([]);
    const strict = await sweepBooks({ postgresUrl: fresh.url, day, graceSeconds: 0 });
    expect(strict.differences.map(({ problem }) => problem).sort()).toEqual(['undecided', 'unposted']);
  });

  it('counts all differences and names the first thousand', async () => {
    await run(
      `insert into routing.claim select id_, now() - interval '1 hour' from (select ('019aa000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id_ from generate_series(1, 1500) n) made`,
    );
    const made = new Date(parseInt('019aa0000000', 16)).toISOString().slice(0, 10);
    const report = await sweepBooks({ postgresUrl: fresh.url, day: made, sliceRows: 400 });
    // That day's partition is the default one of this database, by its own name only.
    expect(report.withClaims).toBe(false);
    await run(`alter table routing.claim_20261120 rename to claim_${made.replaceAll('-', '')}`);
    const full = await sweepBooks({ postgresUrl: fresh.url, day: made, sliceRows: 400 });
    await run(`alter table routing.claim_${made.replaceAll('-', '')} rename to claim_20261120`);
    expect(full.differenceCount).toBe(1_500);
    expect(full.differences).toHaveLength(1_000);
  });

  it('compares outcomes with facts where the claims of the day are past their horizon', async () => {
    await run('alter table routing.claim_20261120 rename to claim_20261119');
    await run('delete from settlement.fact where operation_id = $1', [sale]);
    const report = await sweep();
    await run('alter table routing.claim_20261119 rename to claim_20261120');
    expect(report).toMatchObject({ withClaims: false, claims: 0, outcomes: 70 });
    expect(report.differences).toMatchObject([{ operationId: sale, problem: 'unposted' }]);
  });

  it.each([['20261120'], ['2026-02-30'], ['']])('refuses "%s" for a day', async (wrong) => {
    await expect(sweepBooks({ postgresUrl: fresh.url, day: wrong })).rejects.toThrow(/--day is .* YYYY-MM-DD/);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeOutcome, topics, type Outcome } from '@fourway/contracts';
import { defined, uuidV7 } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { ensureTopics, EventProducer } from '@fourway/platform-stream';
import { freshDatabase, freshTopicPrefix, testEngines, type FreshDatabase } from '@fourway/testing';
import { compareBooks, type BooksReport } from './compare-books.ts';

// Three books made by hand on the real stores, sound to begin with; each test spoils one of them.
const acquirerIds = ['48020000', '48030000'] as const;
const decidedAtMs = 1_763_800_000_000;
const outcomes: readonly Outcome[] = Array.from({ length: 200 }, (_, i) => {
  const operationId = uuidV7(decidedAtMs + i, Buffer.alloc(10, i));
  const kind = i % 10;
  const status = kind === 0 ? 'declined' : kind === 1 ? 'reversed' : 'approved';
  const responseCode = { approved: '00', declined: '51', reversed: 'no_answer' }[status];
  return {
    ...{
      operationId,
      rootId: operationId,
      sequence: 1,
      kind: 'sale',
      merchantId: '811000000000001',
      terminalId: 'T0000001',
    },
    ...{ merchantOrderNo: String(i), status, responseCode, amountMinor: BigInt(1_000 + i), currency: 'CNY' },
    ...{ acquirerId: defined(acquirerIds[i % 2], 'acquirer'), issuerId: '61000000', cardType: 'debit' },
    ...{ rrn: `RRN${String(i).padStart(9, '0')}`, authCode: 'A00001', feeContractId: 1, scenario: 'catering' },
    ...{ requestedAtMs: decidedAtMs, decidedAtMs, businessDate: '2025-11-22' },
  };
});
const [declined, reversed, first, second, third, fourth] = [0, 1, 2, 4, 5, 7].map((i) =>
  defined(outcomes[i], 'outcome'),
);

const tables = `
  create schema routing;
  create table routing.claim (operation_id uuid primary key);
  create table routing.outcome (operation_id uuid primary key, amount_minor bigint, currency char(3), status text, response_code text,
    acquirer_id text, rrn text, kind text);
  create table routing.reversal (operation_id uuid primary key, acquirer_id text, rrn text, amount_minor bigint, state text, created_at timestamptz, reason text);
`;

let database: FreshDatabase;
let queries: Database;
let folder: string;
let outcomesTopic: string;
const brokers = (): string[] => testEngines().kafka.split(',');
const bookOf = (acquirerId: string): string => join(folder, `${acquirerId}.book`);
const upstreamBook = (): string => join(folder, 'upstream.book');
const run = async (text: string, values: readonly unknown[] = []): Promise<void> => {
  await queries.query({ name: '', text, values });
};

beforeAll(async () => {
  database = await freshDatabase('books');
  queries = new Database({ url: database.url, applicationName: 'books-spec', maxConnections: 1 });
  await run(tables);
  outcomesTopic = `${freshTopicPrefix()}${topics.outcomes.name}`;
  await ensureTopics({
    brokers: brokers(),
    clientId: 'books-spec',
    topics: [{ ...topics.outcomes, name: outcomesTopic }],
  });
  const producer = new EventProducer({ brokers: brokers(), clientId: 'books-spec' });
  await producer.connect();
  const records = outcomes.map((outcome) => ({ key: outcome.merchantId, value: encodeOutcome(outcome) }));
  // Outcomes come more than once, always the same: that is no difference.
  await producer.send(outcomesTopic, [...records, ...records.slice(0, 50)]);
  await producer.disconnect();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'books-spec-'));
  await run('truncate routing.claim, routing.outcome, routing.reversal');
  await run('insert into routing.claim select * from unnest($1::uuid[])', [
    outcomes.map(({ operationId }) => operationId),
  ]);
  const columns = (
    ['operationId', 'amountMinor', 'currency', 'status', 'responseCode', 'acquirerId', 'rrn', 'kind'] as const
  ).map((name) => outcomes.map((outcome) => String(outcome[name])));
  const types = ['uuid', 'bigint', 'text', 'text', 'text', 'text', 'text', 'text'].map(
    (type, i) => `$${i + 1}::${type}[]`,
  );
  await run(`insert into routing.outcome select * from unnest(${types.join(', ')})`, columns);
  for (const acquirerId of acquirerIds) {
    const lines = outcomes.filter((outcome) => outcome.acquirerId === acquirerId).flatMap(acquirerLines);
    writeFileSync(bookOf(acquirerId), `# type\toperation_id\n${lines.join('\n')}\n`);
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

afterAll(async () => {
  await queries.close();
  await database.drop();
});

function acquirerLines({ operationId, rrn, amountMinor, status }: Outcome): string[] {
  const line = (type: string, code: string, state: string): string =>
    [type, operationId, rrn, '000001', '1122000000', String(amountMinor), '156', code, '', state].join('\t');
  if (status === 'declined') return [line('sale', '51', 'declined')];
  const sale = line('sale', '00', 'approved');
  return status === 'reversed' ? [sale, line('reversal', '00', 'reversed')] : [sale];
}

const compare = (options: { upstreamBook?: string } = {}): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: database.url, brokers: brokers(), outcomesTopic, keepUpstreamBookAs: upstreamBook() },
    acquirerBooks: acquirerIds.map((acquirerId) => ({ acquirerId, path: bookOf(acquirerId) })),
    ...options,
  });

/** Compares with upstream's book as it is in the file now. */
const compareFiles = (): Promise<BooksReport> => compare({ upstreamBook: upstreamBook() });

const namesOf = ({ differences }: BooksReport): string[] => differences.map(({ operationId }) => operationId).sort();
const idsOf = (...named: (Outcome | undefined)[]): string[] =>
  named.map((outcome) => outcome?.operationId ?? '').sort();
const idOf = (outcome: Outcome | undefined): string => outcome?.operationId ?? '';

function edit(path: string, change: (lines: string[]) => string[]): void {
  writeFileSync(path, change(readFileSync(path, 'utf8').split('\n')).join('\n'));
}
const without =
  (outcome: Outcome | undefined) =>
  (lines: string[]): string[] =>
    lines.filter((line) => !line.includes(idOf(outcome)));
const swapAmounts =
  (a: Outcome | undefined, b: Outcome | undefined) =>
  (lines: string[]): string[] =>
    lines.map((line) => {
      if (line.includes(idOf(a))) return line.replace(`\t${a?.amountMinor}\t`, `\t${b?.amountMinor}\t`);
      return line.includes(idOf(b)) ? line.replace(`\t${b?.amountMinor}\t`, `\t${a?.amountMinor}\t`) : line;
    });
const strayId = uuidV7(decidedAtMs, Buffer.alloc(10, 255));

describe('three books', () => {
  it('agree when nobody tampered with them, upstream having read every outcome from the topic', async () => {
    const report = await compare();
    expect({ agree: report.agree, compared: report.compared, differences: report.differences }).toEqual({
      agree: true,
      compared: 200,
      differences: [],
    });
    expect(readFileSync(upstreamBook(), 'utf8').split('\n').length).toBe(202);
  });

  it('do not agree with a reader that stopped early', async () => {
    await run("insert into routing.outcome values ($1, 1, $2, $3, $4, $5, $6, 'sale')", [
      strayId,
      'CNY',
      'declined',
      'risk_declined',
      '',
      '',
    ]);
    expect(namesOf(await compare())).toEqual([strayId]);
  });
});

describe('tampering with our book is named', () => {
  it('when a row is deleted', async () => {
    await run('delete from routing.outcome where operation_id = $1', [idOf(first)]);
    expect(namesOf(await compare())).toEqual(idsOf(first));
  });

  it('when an approval is added', async () => {
    await run("insert into routing.outcome values ($1, 1, $2, $3, $4, $5, $6, 'sale')", [
      strayId,
      'CNY',
      'approved',
      '00',
      acquirerIds[0],
      'RRNX',
    ]);
    expect(namesOf(await compare())).toEqual([strayId]);
  });

  it('when two amounts are swapped', async () => {
    const swap = 'update routing.outcome set amount_minor = $2 where operation_id = $1';
    await run(swap, [idOf(first), String(second?.amountMinor)]);
    await run(swap, [idOf(second), String(first?.amountMinor)]);
    expect(namesOf(await compare())).toEqual(idsOf(first, second));
  });

  it('when a decline becomes an approval', async () => {
    await run(`update routing.outcome set status = 'approved' where operation_id = $1`, [idOf(declined)]);
    expect(namesOf(await compare())).toEqual(idsOf(declined));
  });
});

describe("tampering with an acquirer's book is named", () => {
  it('when a line is deleted', async () => {
    edit(bookOf(defined(first, 'outcome').acquirerId), without(first));
    expect(namesOf(await compare())).toEqual(idsOf(first));
  });

  it('when an approval is added', async () => {
    edit(bookOf(acquirerIds[1]), (lines) => [
      ...lines,
      ['sale', strayId, 'RRNX', '1', '1', '100', '156', '00', '', 'approved'].join('\t'),
    ]);
    expect(namesOf(await compare())).toEqual([strayId]);
  });

  it('when two amounts are swapped', async () => {
    edit(bookOf(defined(first, 'outcome').acquirerId), swapAmounts(first, second));
    expect(namesOf(await compare())).toEqual(idsOf(first, second));
  });

  it('when a reversal is deleted', async () => {
    edit(bookOf(defined(reversed, 'outcome').acquirerId), (lines) =>
      lines.filter((line) => !(line.startsWith('reversal') && line.includes(idOf(reversed)))),
    );
    expect(namesOf(await compare())).toEqual(idsOf(reversed));
  });
});

describe("tampering with upstream's book is named", () => {
  beforeEach(async () => {
    await compare();
  });

  it('not when it was left alone', async () => expect(namesOf(await compareFiles())).toEqual([]));

  it('when a line is deleted', async () => {
    edit(upstreamBook(), without(third));
    expect(namesOf(await compareFiles())).toEqual(idsOf(third));
  });

  it('when an approval is added', async () => {
    edit(upstreamBook(), (lines) => [
      ...lines,
      [strayId, '100', 'CNY', 'approved', '00', acquirerIds[0], 'RRNX'].join('\t'),
    ]);
    expect(namesOf(await compareFiles())).toEqual([strayId]);
  });

  it('when two amounts are swapped', async () => {
    edit(upstreamBook(), swapAmounts(third, fourth));
    expect(namesOf(await compareFiles())).toEqual(idsOf(third, fourth));
  });
});

describe('what is open', () => {
  it('is reported as undecided, and is no difference', async () => {
    await run('insert into routing.claim values ($1)', [strayId]);
    const { agree, undecided } = await compare();
    expect({ agree, undecided }).toEqual({ agree: true, undecided: { count: 1, operationIds: [strayId] } });
  });

  it('is counted while a reversal is on the work list for less than a day, and a difference after that', async () => {
    edit(bookOf(defined(reversed, 'outcome').acquirerId), (lines) =>
      lines.filter((line) => !(line.startsWith('reversal') && line.includes(idOf(reversed)))),
    );
    const { acquirerId = '', rrn = '', amountMinor = 0n } = reversed ?? {};
    const insert = `insert into routing.reversal values ($1, $2, $3, $4, 'pending', now() - $5::interval, 'no_answer')`;
    await run(insert, [idOf(reversed), acquirerId, rrn, String(amountMinor), '1 hour']);
    expect(await compare()).toMatchObject({ agree: true, reversalsPending: 1 });
    await run(`update routing.reversal set created_at = now() - interval '25 hours'`);
    expect(namesOf(await compare())).toEqual(idsOf(reversed));
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeClosedCycle, encodeCutMark, topics, type ClosedCycle, type Outcome } from '@fourway/contracts';
import { Metrics } from '@fourway/platform-observability';
import { readCycleRecord, verifyCycle } from '@fourway/settlement-files';
import { approvedSale, feeContract, operationId, recordOf } from '../post-outcomes/outcomes.fixture.ts';
import { postingReplica, type PostingReplica } from '../post-outcomes/posting-replica.fixture.ts';
import { settlementDatabase, type SettlementDatabase } from '../post-outcomes/settlement-database.fixture.ts';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { CloseCycles } from './close-cycles.handler.ts';
import { CycleMetrics } from './cycle-metrics.ts';
import { CycleRepository } from './cycle.repository.ts';

const { partitions } = topics.outcomes;
const sources = topics.scored.partitions;
const today = '2026-03-04';
let db: SettlementDatabase;
let folder: string;
let replica: PostingReplica;

beforeEach(async () => {
  db = await settlementDatabase('cycles');
  await new FeeContractRepository(db.database).store([{ version: 1n, contract: feeContract }]);
  folder = mkdtempSync(join(tmpdir(), 'fourway-cycles-'));
  replica = await postingReplica(db.database);
});

afterEach(async () => {
  expect(await db.sql('select * from imbalance')).toEqual([]);
  await db.close();
  rmSync(folder, { recursive: true });
});

describe('a closed cycle (G10)', () => {
  it('has the worked example to the fen: positions, files, and what each of them says', async () => {
    await postWorkedExample();
    await cut(today);
    const { closing, told } = closer();
    await closing.run();
    expect(await positions(today)).toEqual([
      'acquirer 48021000 1011201',
      'issuer 01020000 -12834',
      'issuer 01030000 -999025',
      'network 0 658',
    ]);
    expect(readdirSync(join(folder, today)).filter((name) => name.endsWith('.txt'))).toEqual([
      'acquirer-48021000.CNY.txt',
      'provider-sp-1.CNY.txt',
    ]);
    const lines = read('acquirer-48021000.CNY.txt').split('\n');
    const [credit, debit] = [operationId(1), operationId(2)];
    expect(lines.slice(0, 3)).toEqual([
      `H|1|acquirer|48021000|${today}|CNY`,
      `D|${credit}|${today}|812345678901234|01020000|C|sp-1|agent-1|12888|77|58|4|5|7|3|12811|12826`,
      `D|${debit}|${today}|812345678901235|01030000|D|sp-1|agent-1|1000000|6000|1300|325|1313|2187|875|994000|998375`,
    ]);
    const body = `${lines.slice(0, 3).join('\n')}\n`;
    expect(lines.slice(3)).toEqual([
      `T|2|1012888|6077|1358|329|1318|2194|878|1006811|1011201|${createHash('sha256').update(body).digest('hex')}`,
      '',
    ]);
    expect(read('provider-sp-1.CNY.txt').split('\n').at(-2)).toMatch(/^T\|2\|1012888\|2194\|[0-9a-f]{64}$/);
    expect(told).toEqual([
      expect.objectContaining({
        cycleId: today,
        files: [
          expect.objectContaining({ path: `${today}/acquirer-48021000.CNY.txt`, count: 2, netMinor: 1_011_201n }),
          expect.objectContaining({ path: `${today}/provider-sp-1.CNY.txt`, count: 2, netMinor: 2_194n }),
        ],
      }),
    ]);
  });

  it('stays open while one mark of one source is missing in one partition', async () => {
    await postWorkedExample();
    await cut(today, { without: { partition: 5, source: 3 } });
    const { closing, told } = closer();
    await closing.run();
    expect(await state(today)).toBe('open');
    await replica.handle([mark(today, 5, 3)]);
    await closing.run();
    expect([await state(today), told.length]).toEqual(['announced', 1]);
  });

  it('takes marks that come twice, and closes once whoever asks', async () => {
    await postWorkedExample();
    await cut(today);
    await cut(today);
    const repositories = [1, 2, 3].map(() => new CycleRepository(db.database));
    const closed = await Promise.all(repositories.map((repository) => repository.close(today)));
    expect(closed.filter(Boolean)).toHaveLength(1);
    expect(await positions(today)).toHaveLength(4);
  });

  it('sends a late outcome to the open cycle, with its own business date on it', async () => {
    await postWorkedExample();
    await cut(today);
    await closer().closing.run();
    await replica.handle([next(approvedSale(3))]);
    expect(await db.sql('select operation_id, business_date, cycle from fact where business_date <> cycle')).toEqual([
      [operationId(3), today, '2026-03-05'],
    ]);
    await cut('2026-03-05');
    await closer().closing.run();
    expect(readFileSync(join(folder, '2026-03-05', 'acquirer-48021000.CNY.txt'), 'utf8')).toContain(
      `D|${operationId(3)}|${today}|`,
    );
    expect((await verify(today)).agree).toBe(true);
  });

  it('gives a fact behind the last mark to the next cycle, in the same batch as one before it', async () => {
    const marks = Array.from({ length: sources }, (_, source) => mark(today, 3, source));
    await replica.handle([next(approvedSale(1)), ...marks, next(approvedSale(2))]);
    expect(await db.sql('select operation_id, cycle from fact order by 1')).toEqual([
      [operationId(1), today],
      [operationId(2), '2026-03-05'],
    ]);
  });

  it('does not close when its balances do not sum to zero (G4)', async () => {
    await postWorkedExample();
    await db.sql('update balance set amount = amount + 1 where purpose = 2');
    await cut(today);
    await expect(closer().closing.run()).rejects.toThrow('does not sum to zero');
    expect(await state(today)).toBe('open');
    await db.sql('update balance set amount = amount - 1 where purpose = 2');
  });

  it('is a cycle too without a payment, with no files', async () => {
    await cut(today);
    const { closing, told } = closer();
    await closing.run();
    expect(told).toEqual([expect.objectContaining({ cycleId: today, positions: [], files: [] })]);
  });

  it('is announced again by the next replica when nobody knows whether the broker has it', async () => {
    await postWorkedExample();
    await cut(today);
    const failing = closer(() => Promise.reject(new Error('no broker')));
    await expect(failing.closing.run()).rejects.toThrow('no broker');
    expect(await state(today)).toBe('filed');
    const { closing, told } = closer();
    await closing.run();
    await closing.run();
    expect(told).toHaveLength(1);
  });
});

describe('settlement files (G10)', () => {
  beforeEach(async () => {
    await postWorkedExample();
    await cut(today);
    await closer().closing.run();
  });

  it('are the same bytes when another process makes them again, also over files that are there', async () => {
    const before = readdirSync(join(folder, today)).map((name) => [name, read(name)]);
    await db.sql(
      `do $$ begin set local session_replication_role = replica; delete from cycle_file; update cycle set state = 'closed', leased_until = '-infinity'; end $$`,
    );
    writeFileSync(join(folder, today, 'acquirer-48021000.CNY.txt.tmp'), 'half a file of a process that was killed');
    await closer().closing.run();
    expect(readdirSync(join(folder, today)).map((name) => [name, read(name)])).toEqual(before);
    expect((await verify(today)).agree).toBe(true);
  });

  it('show one changed byte with its line, and a missing file, which comes back as it was', async () => {
    const name = 'acquirer-48021000.CNY.txt';
    const right = read(name);
    writeFileSync(join(folder, today, name), right.replace('|12826\n', '|12827\n'));
    rmSync(join(folder, today, 'provider-sp-1.CNY.txt'));
    expect(await verify(today)).toMatchObject({
      agree: false,
      files: [
        { path: `${today}/${name}`, verdict: 'differs', detail: `byte ${right.indexOf('|12826\n') + 5}, line 2` },
        { path: `${today}/provider-sp-1.CNY.txt`, verdict: 'missing' },
      ],
    });
    writeFileSync(join(folder, today, name), right);
    expect(await verify(today, true)).toMatchObject({
      agree: true,
      files: [{ verdict: 'same' }, { verdict: 'restored' }],
    });
    expect((await verify(today)).files.map(({ verdict }) => verdict)).toEqual(['same', 'same']);
  });

  it('show a ledger that no longer gives what was recorded', async () => {
    await db.sql(
      `do $$ begin set local session_replication_role = replica; update fact set merchant_id = merchant_id + 1 where gross = 12888; end $$`,
    );
    const { agree, files } = await verify(today);
    expect([agree, ...files.map(({ verdict }) => verdict)]).toEqual([false, 'record_differs', 'record_differs']);
    await db.sql(
      `do $$ begin set local session_replication_role = replica; update fact set merchant_id = merchant_id - 1 where gross = 12888; end $$`,
    );
  });
});

let offsets: number[] = [];
beforeEach(() => {
  offsets = Array.from({ length: partitions }, () => 0);
});

/** The next record of a partition. */
function next(value: Outcome | Buffer, partition = 3) {
  const offset = offsets[partition] ?? 0;
  offsets[partition] = offset + 1;
  return recordOf(offset, value, partition);
}

const mark = (businessDate: string, partition: number, sourcePartition: number) =>
  next(encodeCutMark({ businessDate, sourcePartition, sourcePartitions: sources }), partition);

/** The marks of all sources in all partitions, but one. */
async function cut(businessDate: string, { without = { partition: -1, source: -1 } } = {}): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const marks = Array.from({ length: sources }, (_, source) => source).filter(
      (source) => partition !== without.partition || source !== without.source,
    );
    await replica.handle(marks.map((source) => mark(businessDate, partition, source)));
  }
}

/** Reference §8.3: CNY 128.88 by credit card, and CNY 10,000.00 by debit card of another issuer at another merchant. */
async function postWorkedExample(): Promise<void> {
  await replica.handle([
    next(approvedSale(1)),
    next(
      approvedSale(2, {
        ...{ amountMinor: 1_000_000n, cardType: 'debit', issuerId: '01030000', merchantId: '812345678901235' },
      }),
      6,
    ),
  ]);
}

/** The part of another replica that closes; what it told the topic. */
function closer(send?: () => Promise<void>) {
  const told: ClosedCycle[] = [];
  const closing = new CloseCycles({
    ...{ database: db.database, filesFolder: folder, clock: { nowMs: () => Date.now() } },
    cycles: new CycleRepository(db.database),
    metrics: new CycleMetrics(new Metrics('settlement')),
    producer: {
      send: async (topic, messages) => {
        await send?.();
        expect(topic).toBe(topics.cycles.name);
        for (const { value } of messages) if (value !== null) told.push(decodeClosedCycle(value));
      },
    },
  });
  return { closing, told };
}

const verify = (cycleId: string, restore = false) => verifyCycle({ database: db.database, cycleId, folder, restore });
const read = (name: string): string => readFileSync(join(folder, today, name), 'utf8');
const state = async (cycleId: string) => (await readCycleRecord(db.database, cycleId))?.state;
const positions = async (cycleId: string) =>
  (await readCycleRecord(db.database, cycleId))?.positions.map(
    ({ participantType, participantId, netMinor }) => `${participantType} ${participantId} ${netMinor}`,
  );

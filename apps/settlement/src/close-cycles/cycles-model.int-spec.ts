import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeCutMark, encodeOutcome, topics, type Outcome } from '@fourway/contracts';
import { acquirerGetsMinor, issuerPaysMinor, splitFees, type FeeTerms } from '@fourway/ledger';
import { Metrics } from '@fourway/platform-observability';
import type { StreamRecord } from '@fourway/platform-stream';
import { approvedSale, feeContract, operationId, recordOf } from '../post-outcomes/outcomes.fixture.ts';
import { postingReplica, type PostingReplica } from '../post-outcomes/posting-replica.fixture.ts';
import { settlementDatabase, type SettlementDatabase } from '../post-outcomes/settlement-database.fixture.ts';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { CloseCycles } from './close-cycles.handler.ts';
import { CycleMetrics } from './cycle-metrics.ts';
import { CycleRepository } from './cycle.repository.ts';

const dates = ['2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07'] as const;
const sources = topics.scored.partitions;
const partitions = topics.outcomes.partitions;
const contracts = [feeContract, { ...feeContract, feeContractId: 8, acquirerId: '48030000', providerId: '' }];
let db: SettlementDatabase;
let folder: string;

beforeAll(async () => {
  db = await settlementDatabase('cycles_model');
  await new FeeContractRepository(db.database).store(contracts.map((contract) => ({ version: 1n, contract })));
  folder = mkdtempSync(join(tmpdir(), 'fourway-model-'));
});

afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

type Step =
  | {
      readonly kind: 'sale';
      readonly partition: number;
      readonly date: number;
      readonly amount: bigint;
      readonly contract: number;
      readonly isDebit: boolean;
    }
  /** Source after source marks the partition's next date. */
  | { readonly kind: 'marks'; readonly partition: number; readonly count: number };

const partition = fc.nat({ max: partitions - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('sale' as const),
        partition,
        date: fc.nat({ max: 2 }),
        amount: fc.bigInt({ min: 1n, max: 5_000_000n }),
        contract: fc.nat({ max: 1 }),
        isDebit: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('marks' as const),
        partition,
        count: fc.integer({ min: 1, max: sources + 3 }),
      }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);
/** How the records reach settlement: batch by batch, by one of two replicas, some of what was read before again. */
const deliveries = fc.array(
  fc.record({ records: fc.integer({ min: 1, max: 30 }), replica: fc.nat({ max: 1 }), again: fc.nat({ max: 5 }) }),
  { minLength: 5, maxLength: 5 },
);

it('G4, G10: every fact is in exactly one cycle, positions are the sums of its rows and sum to zero, however cuts and facts interleave', async () => {
  await fc.assert(
    fc.asyncProperty(steps, deliveries, async (script, delivery) => {
      await clean();
      const { records, facts } = modelOf(script);
      await deliver(records, delivery);
      await closeAll();
      expect(await db.sql('select operation_id, cycle from fact order by 1')).toEqual(
        facts
          .map(({ outcome, cycle }) => [outcome.operationId, cycle])
          .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      );
      expect(await db.sql('select * from imbalance')).toEqual([]);
      expect(await db.sql(`select cycle_id from cycle where state <> 'announced'`)).toEqual([]);
      expect(
        await db.sql('select currency from cycle_position group by cycle_id, currency having sum(net_minor) <> 0'),
      ).toEqual([]);
      const stored = await db.sql(
        `select cycle_id || ' ' || participant_type || ' ' || participant_id, net_minor from cycle_position where participant_type <> 'network'`,
      );
      expect(Object.fromEntries(stored.map(([who, net]) => [who, net]))).toEqual(positionsOf(facts));
      expect(detailsInFiles()).toEqual(facts.map(({ outcome, cycle }) => `${cycle} ${outcome.operationId}`).toSorted());
    }),
    { numRuns: 25 },
  );
}, 300_000);

interface ModelFact {
  readonly outcome: Outcome;
  readonly cycle: string;
}

/** What the steps are on the topic, and which cycle each fact belongs to: the first not ended, in its partition, from its date on. */
function modelOf(script: readonly Step[]): { records: StreamRecord[]; facts: ModelFact[] } {
  const at = Array.from({ length: partitions }, () => ({ offset: 0, ended: 0, marks: 0 }));
  const records: StreamRecord[] = [];
  const facts: ModelFact[] = [];
  const push = (to: number, value: Buffer): void => {
    const place = at[to];
    if (place !== undefined) records.push(recordOf(place.offset++, value, to));
  };
  const markNext = (to: number): void => {
    const place = at[to];
    if (place === undefined || place.ended === dates.length) return;
    push(
      to,
      encodeCutMark({
        businessDate: dates[place.ended] ?? '',
        sourcePartition: place.marks++,
        sourcePartitions: sources,
      }),
    );
    if (place.marks === sources) Object.assign(place, { ended: place.ended + 1, marks: 0 });
  };
  const take = (step: Step, number: number): void => {
    const { ended } = at[step.partition] ?? { ended: 0 };
    if (step.kind === 'marks') {
      // The last date ends at the end of the script, so that there is always an open cycle to be late for.
      for (let n = 0; n < step.count && (at[step.partition]?.ended ?? 0) < dates.length - 1; n++)
        markNext(step.partition);
      return;
    }
    const outcome = saleOf(number, step);
    facts.push({ outcome, cycle: dates[Math.max(step.date, ended)] ?? 'none' });
    push(step.partition, encodeOutcome(outcome));
  };
  script.forEach(take);
  for (let to = 0; to < partitions; to++) while ((at[to]?.ended ?? dates.length) < dates.length) markNext(to);
  return { records, facts };
}

const saleOf = (number: number, step: Step & { kind: 'sale' }): Outcome =>
  approvedSale(number, {
    operationId: operationId(number),
    amountMinor: step.amount,
    businessDate: dates[step.date] ?? '',
    cardType: step.isDebit ? 'debit' : 'credit',
    issuerId: step.isDebit ? '01030000' : '01020000',
    acquirerId: contracts[step.contract]?.acquirerId ?? '',
    feeContractId: contracts[step.contract]?.feeContractId ?? 0,
  });

async function deliver(
  records: readonly StreamRecord[],
  delivery: readonly { records: number; replica: number; again: number }[],
): Promise<void> {
  const replicas = [await postingReplica(db.database), await postingReplica(db.database, { slot: 1 })];
  for (let from = 0, turn = 0; from < records.length; turn++) {
    const { records: count, replica, again } = delivery[turn % delivery.length] ?? { records: 1, replica: 0, again: 0 };
    const read = records.slice(0, from + count);
    await handle(replicas[replica], read.slice(Math.max(0, from - again)), read);
    from += count;
  }
}

/** What the stream runner does: repeats a batch whose belief in the cursor was old, and reads again from where it is sent back to. */
async function handle(
  replica: PostingReplica | undefined,
  batch: readonly StreamRecord[],
  read: readonly StreamRecord[],
): Promise<void> {
  if (replica === undefined || batch.length === 0) return;
  const rewound = replica.rewinds.length;
  await replica.handle(batch).catch(() => replica.handle(batch));
  for (const { partition: of, offset } of replica.rewinds.slice(rewound)) {
    const again = read.filter((record) => record.partition === of && record.offset >= offset);
    await handle(replica, again, read);
  }
}

const closeAll = async (): Promise<void> =>
  new CloseCycles({
    ...{ database: db.database, filesFolder: folder, clock: { nowMs: () => 0 } },
    cycles: new CycleRepository(db.database),
    metrics: new CycleMetrics(new Metrics('settlement')),
    producer: { send: () => Promise.resolve() },
  }).run();

function positionsOf(facts: readonly ModelFact[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  const add = (who: string, amount: bigint): unknown => sums.set(who, (sums.get(who) ?? 0n) + amount);
  const parties = { issuerId: '', merchantId: '', acquirerId: '', providerId: '', agentId: '' };
  for (const { outcome, cycle } of facts) {
    const terms = contracts.find(({ feeContractId }) => feeContractId === outcome.feeContractId);
    if (terms === undefined) continue;
    const fees = splitFees(outcome.amountMinor, outcome.cardType, termsOf(terms));
    const fact = { grossMinor: outcome.amountMinor, currency: 'CNY' as const, parties, fees };
    add(`${cycle} issuer ${outcome.issuerId}`, -issuerPaysMinor(fact));
    add(`${cycle} acquirer ${outcome.acquirerId}`, acquirerGetsMinor(fact));
  }
  return Object.fromEntries([...sums].filter(([, net]) => net !== 0n).map(([who, net]) => [who, String(net)]));
}

const termsOf = (contract: typeof feeContract): FeeTerms => ({
  mdrPpm: BigInt(contract.mdrPpm),
  issuerDebitPpm: BigInt(contract.issuerDebitPpm),
  issuerCreditPpm: BigInt(contract.issuerCreditPpm),
  issuerDebitCapMinor: contract.issuerDebitCapMinor,
  networkPpm: BigInt(contract.networkPpm),
  networkCapMinor: contract.networkCapMinor,
  marginParts: [30n, 50n, 20n],
});

const detailsInFiles = (): string[] =>
  readdirSync(folder)
    .flatMap((cycle) =>
      readdirSync(join(folder, cycle))
        .filter((name) => name.startsWith('acquirer-') && name.endsWith('.txt'))
        .flatMap((name) => readFileSync(join(folder, cycle, name), 'utf8').split('\n'))
        .filter((line) => line.startsWith('D|'))
        .map((line) => `${cycle} ${line.split('|')[1]}`),
    )
    .toSorted();

/** Back to an empty ledger, past every trigger that refuses. */
async function clean(): Promise<void> {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  await db.sql(`do $$ declare part regclass; begin
    set local session_replication_role = replica;
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'balance'::regclass loop execute format('drop table %s', part); end loop;
    delete from fact; delete from cycle_file; delete from cycle_position; delete from cycle_fact_day; delete from cut_mark; delete from cursor; delete from cycle;
  end $$`);
}

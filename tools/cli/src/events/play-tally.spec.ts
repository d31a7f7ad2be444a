import { describe, expect, it } from '@jest/globals';
import { decodeOperationRequested, type Outcome, type Refusal } from '@fourway/contracts';
import { createWorld, traffic, type TrafficItem } from '@fourway/world';
import { PlayTally } from './play-tally.ts';

const world = createWorld({ seed: 1, merchants: 100 });
const items = [...traffic(world, { payments: 3_000, seed: 1, clock: { nowMs: () => 1_763_800_000_000 } })];
const oneOf = (stimulus: TrafficItem['stimulus']): TrafficItem => {
  const item = items.find((candidate) => candidate.stimulus === stimulus);
  if (item === undefined) throw new Error(`no ${stimulus} in the sample`);
  return item;
};
const outcomeOf = (
  { operationId, records: [request] }: TrafficItem,
  status: Outcome['status'] = 'approved',
): Outcome => {
  const { rootId, merchantId, terminalId, merchantOrderNo, amountMinor, currency, requestedAtMs } =
    decodeOperationRequested(request?.value ?? Buffer.alloc(0));
  return {
    ...{
      operationId,
      rootId,
      sequence: 1,
      kind: 'sale',
      merchantId,
      terminalId,
      merchantOrderNo,
      status,
      responseCode: '00',
    },
    ...{
      amountMinor,
      currency,
      acquirerId: '48020000',
      issuerId: '61000000',
      cardType: 'debit',
      rrn: 'R',
      authCode: 'A',
    },
    ...{
      feeContractId: 1,
      scenario: 'catering',
      requestedAtMs,
      decidedAtMs: requestedAtMs,
      businessDate: '2025-11-22',
    },
  };
};
const refusalOf = (item: TrafficItem, code: string, record = 0): Refusal => ({
  ...{
    eventId: item.records[record]?.eventId ?? '',
    operationId: item.operationId,
    merchantId: '',
    upstreamId: '',
    code,
  },
  ...{ field: 'f', rule: 'r', remedy: 'm', sourcePartition: 0, sourceOffset: 0n, refusedAtMs: 0 },
});
const sumOfAnswers = (tally: PlayTally): number => {
  const { sent, ...answers } = tally.counts;
  expect(sent).toBeGreaterThan(0);
  return Object.values(answers).reduce((sum, count) => sum + count, 0);
};

describe('the tally', () => {
  it('answers a duplicate sent before the outcome with that one outcome', () => {
    const tally = new PlayTally();
    const item = oneOf('duplicate_in_batch');
    tally.open(item, 0);
    item.records.slice(1).forEach((record) => tally.willSend(item.operationId, record));
    tally.outcome(outcomeOf(item), 5);
    expect(tally.counts).toMatchObject({ sent: 2, authorized: 1, duplicatesAnswered: 1 });
    expect(tally.openAnswers).toBe(0);
  });

  it('counts a duplicate sent after the outcome only when the outcome came again', () => {
    const tally = new PlayTally();
    const item = oneOf('duplicate_after_outcome');
    tally.open(item, 0);
    const { record: again } = tally.outcome(outcomeOf(item), 5);
    expect(again).toEqual(item.records[1]);
    if (again !== undefined) tally.willSend(item.operationId, again);
    expect(tally.openAnswers).toBe(1);
    tally.outcome(outcomeOf(item), 9);
    expect(tally.counts).toMatchObject({ sent: 2, authorized: 1, duplicatesAnswered: 1 });
    expect(tally.openAnswers).toBe(0);
  });

  it('asks for the operations on a payment once its root is approved, and for none otherwise', () => {
    const tally = new PlayTally();
    const [first, second] = items.filter(({ stimulus }) => stimulus === 'refund');
    if (first === undefined || second === undefined) throw new Error('no refunds in the sample');
    for (const item of [first, second]) tally.open(item, 0);
    expect(tally.outcome(outcomeOf(first), 5).items).toEqual(first.following?.map(({ item }) => item));
    expect(tally.outcome(outcomeOf(second, 'declined'), 5).items).toEqual([]);
    expect(tally.openAnswers).toBe(0);
  });

  it('keeps the outcome of the original and the refusal of its conflict apart', () => {
    const tally = new PlayTally();
    const item = oneOf('conflict');
    tally.open(item, 0);
    item.records.slice(1).forEach((record) => tally.willSend(item.operationId, record));
    tally.refusal(refusalOf(item, 'conflict', 1));
    tally.refusal(refusalOf(item, 'conflict', 1));
    expect(tally.openOperations).toBe(1);
    tally.outcome(outcomeOf(item), 5);
    expect(tally.counts).toMatchObject({ sent: 2, authorized: 1, refused: 1 });
  });

  it('says so when an answer is not the one the item was made to get', () => {
    const tally = new PlayTally();
    const [bad, sale, denied] = [oneOf('zero_amount'), oneOf('sale'), oneOf('denied_card')];
    [bad, sale, denied].forEach((item) => tally.open(item, 0));
    tally.outcome(outcomeOf(bad), 1);
    tally.refusal(refusalOf(sale, 'unknown_merchant'));
    tally.outcome(outcomeOf(denied, 'approved'), 1);
    expect(tally.surprises.map(({ stimulus }) => stimulus)).toEqual(['zero_amount', 'sale', 'denied_card']);
    expect(tally.openAnswers).toBe(0);
  });

  it('counts dead letters beside what was sent', () => {
    const tally = new PlayTally();
    const item = oneOf('undecodable_bytes');
    tally.open(item, 0);
    expect(tally.openAnswers).toBe(1);
    tally.deadLetter(item.records[0]?.key ?? '');
    expect([tally.deadLettered, tally.counts.sent, tally.openAnswers]).toEqual([1, 0, 0]);
  });

  it('sends as many as it sums up, when everything is answered', () => {
    const tally = new PlayTally();
    for (const item of items) {
      tally.open(item, 0);
      if (item.expected.answer === 'dead_letter') tally.deadLetter(item.records[0]?.key ?? '');
      if (item.expected.answer === 'refusal') tally.refusal(refusalOf(item, item.expected.code));
      if (item.expected.answer === 'outcome') tally.outcome(outcomeOf(item, item.expected.status), 1);
      for (const record of item.records.slice(1)) {
        tally.willSend(item.operationId, record);
        if (record.role === 'conflict') tally.refusal(refusalOf(item, 'conflict', 1));
        else tally.outcome(outcomeOf(item), 2);
      }
    }
    expect(tally.openAnswers).toBe(0);
    expect(tally.surprises).toEqual([]);
    expect(sumOfAnswers(tally)).toBe(tally.counts.sent);
  });
});

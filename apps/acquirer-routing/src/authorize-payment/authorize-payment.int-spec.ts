import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  decodeOutcome,
  decodeRefusal,
  fingerprintOf,
  topics,
  type OperationRequest,
  type Outcome,
  type Refusal,
} from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import { readTopic } from '@fourway/platform-stream';
import { acquirerReference } from '@fourway/routing';
import { eventually, testEngines } from '@fourway/testing';
import {
  merchant,
  rawRecord,
  routingRig,
  sale,
  scoredRecord,
  type Replica,
  type RoutingRig,
  type SentBatch,
} from '../testing/routing-rig.ts';

let rig: RoutingRig;
let replica: Replica;
beforeAll(async () => {
  rig = await routingRig();
  replica = await rig.replica();
});
afterAll(() => rig.stop());
beforeEach(() => rig.behave({ silentRate: 0, declineRate: 0, lateRate: 0 }));

const startedAtMs = Date.now();
/** Other specs share the topics; what they leave there is much, and need not be readable. */
const values = async <T>(topic: string, decode: (bytes: Uint8Array) => T): Promise<T[]> => {
  const found: T[] = [];
  const read = (bytes: Buffer): void => {
    try {
      found.push(decode(bytes));
    } catch (error) {
      if (!(error instanceof SwitchError)) throw error;
    }
  };
  await readTopic({
    brokers: [testEngines().kafka],
    clientId: 'spec',
    topic,
    sinceMs: startedAtMs,
    onRecords: (records) => {
      for (const { value } of records) if (value !== null) read(value);
    },
  });
  return found;
};
const outcomesOf = async (operation: OperationRequest): Promise<Outcome[]> =>
  (await values(topics.outcomes.name, decodeOutcome)).flatMap((outcome) =>
    outcome?.operationId === operation.operationId ? [outcome] : [],
  );
const refusalsOf = async (operation: OperationRequest): Promise<Refusal[]> =>
  (await values(topics.refused.name, decodeRefusal)).filter(({ operationId }) => operationId === operation.operationId);
const allDone = (...sent: SentBatch[]): Promise<void> =>
  eventually(() => {
    for (const { batch, done } of sent) expect(done.size).toBe(batch.records.length);
  });
const salesOf = ({ operationId }: OperationRequest): number =>
  rig.book().filter((entry) => entry.type === 'sale' && entry.operationId === operationId).length;

describe('a sale', () => {
  it('is claimed, approved by its acquirer, stored and published before its offset may pass', async () => {
    const operation = sale();
    const sent = replica.send([scoredRecord(operation)]);
    await allDone(sent);
    const [outcome, ...more] = await outcomesOf(operation);
    expect(more).toEqual([]);
    expect(outcome).toMatchObject({
      status: 'approved',
      responseCode: '00',
      amountMinor: 12_888n,
      currency: 'CNY',
      merchantId: merchant.merchantId,
      issuerId: '01020000',
      cardType: 'debit',
      feeContractId: 12,
      sequence: 1,
      rootId: operation.operationId,
    });
    expect(outcome?.rrn).toMatch(/^[0-9A-Z]{12}$/);
    expect(outcome?.rrn).toBe(acquirerReference(operation.operationId, 1).rrn);
    expect(rig.book()).toContainEqual({ type: 'sale', operationId: operation.operationId, status: 'approved' });
  });

  it.each([
    {
      which: 'that risk declines',
      scored: { verdict: 'decline' as const, reasons: ['deny_list'] },
      expected: ['declined', 'risk_declined'],
    },
    {
      which: 'whose limits are unknown',
      scored: { verdict: 'decline' as const, reasons: ['limit_unavailable'] },
      expected: ['declined', 'limit_unavailable'],
    },
    { which: 'past its expiry', request: { requestedAtMs: Date.now() - 120_000 }, expected: ['expired', 'expired'] },
  ])(
    '$which gets its outcome without any acquirer',
    async ({ request = {}, scored = {}, expected: [status, responseCode] }) => {
      const operation = sale(request);
      await allDone(replica.send([scoredRecord(operation, scored)]));
      expect(await outcomesOf(operation)).toEqual([
        expect.objectContaining({ status, responseCode, acquirerId: '', rrn: '' }),
      ]);
      expect(salesOf(operation)).toBe(0);
    },
  );

  it('that the issuer declines is declined with its code, once', async () => {
    await rig.behave({ declineRate: 1, declineCode: '51' });
    const operation = sale();
    await allDone(replica.send([scoredRecord(operation)]));
    expect(await outcomesOf(operation)).toEqual([expect.objectContaining({ status: 'declined', responseCode: '51' })]);
  });
});

describe('duplicates (G3)', () => {
  it('in one batch, in flight and after completion reach the acquirer once and are answered alike', async () => {
    const operation = sale();
    const copy = (): ReturnType<typeof scoredRecord> => scoredRecord({ ...operation, eventId: sale().eventId });
    const sent = [replica.send([copy(), copy()]), replica.send([copy()])];
    await allDone(...sent);
    await allDone(replica.send([copy(), copy()]));
    expect(salesOf(operation)).toBe(1);
    const outcomes = await outcomesOf(operation);
    expect(outcomes.length).toBeGreaterThanOrEqual(2);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });

  it('with another body are refused, change nothing, and do not hide the first', async () => {
    const operation = sale();
    const conflicting = { ...operation, eventId: sale().eventId, amountMinor: 1n };
    const sent = [
      replica.send([scoredRecord(operation), scoredRecord(conflicting)]),
      replica.send([scoredRecord(conflicting)]),
    ];
    await allDone(...sent);
    await allDone(replica.send([scoredRecord(conflicting)]));
    expect((await refusalsOf(operation)).map(({ code, eventId }) => [code, eventId])).toEqual(
      Array(3).fill(['conflict', conflicting.eventId]),
    );
    expect(new Set((await outcomesOf(operation)).map(({ amountMinor }) => amountMinor))).toEqual(new Set([12_888n]));
  });

  it('over two replicas are claimed by one', async () => {
    const other = await rig.replica();
    const operations = Array.from({ length: 50 }, () => sale());
    const records = (): ReturnType<typeof scoredRecord>[] => operations.map((operation) => scoredRecord(operation));
    await allDone(replica.send(records()), other.send(records()));
    for (const operation of operations) expect(salesOf(operation)).toBe(1);
  });
});

describe('bad input (G12)', () => {
  it.each([
    ['an unknown merchant', { merchantId: '831000058129999' }, 'unknown_merchant', 'merchant_id'],
    ['a currency that the merchant has no contract in', { currency: 'USD' }, 'currency_mismatch', 'currency'],
    ['a card number in place of a token', { cardToken: '6222021234567890' }, 'unknown_card_token', 'card_token'],
  ])('refuses %s and stores nothing', async (_, change, code, field) => {
    const operation = sale(change);
    await allDone(replica.send([scoredRecord(operation)]));
    expect(await refusalsOf(operation)).toEqual([expect.objectContaining({ code, field, eventId: operation.eventId })]);
    expect(await rig.rows(`select from claim where operation_id = '${operation.operationId}'`)).toEqual([]);
    expect(
      JSON.stringify(await refusalsOf(operation), (__, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value,
      ),
    ).not.toContain(operation.cardToken);
  });

  it('lets a valid request stand beside a refused one under the same id in one batch', async () => {
    const valid = sale();
    const wrong = { ...valid, eventId: sale().eventId, merchantId: '831000058129999' };
    await allDone(replica.send([scoredRecord(wrong), scoredRecord(valid)]));
    expect(await outcomesOf(valid)).toEqual([expect.objectContaining({ status: 'approved' })]);
    expect((await refusalsOf(valid)).map(({ code }) => code)).toEqual(['unknown_merchant']);
  });

  it('sets undecodable records aside and goes on with the rest', async () => {
    const operation = sale();
    const garbage = rawRecord(Buffer.from('not a record'));
    const sent = replica.send([garbage, scoredRecord(operation)]);
    await eventually(() => expect(sent.done.size).toBe(1));
    expect(sent.deadLetters.map(({ record }) => record)).toEqual([garbage]);
  });
});

describe('an unknown outcome (G1, G2)', () => {
  it('lets offsets pass after a while, is reversed at its deadline, and its reversal is acknowledged', async () => {
    await rig.behave({ silentRate: 1, silentRecorded: 'approved' });
    const operation = sale();
    const sent = replica.send([scoredRecord(operation)]);
    await sent.handled;
    await eventually(async () => {
      await replica.path.parking.parkSlowCalls();
      expect(sent.done.size).toBe(1);
    });
    expect(await outcomesOf(operation)).toEqual([]);
    expect(await rig.rows(`select from parked where operation_id = '${operation.operationId}'`)).toHaveLength(1);
    await eventually(async () => expect(await outcomesOf(operation)).toHaveLength(1));
    expect(await outcomesOf(operation)).toEqual([
      expect.objectContaining({
        ...{ status: 'reversed', responseCode: 'no_answer' },
        rrn: acquirerReference(operation.operationId, 1).rrn,
      }),
    ]);
    await eventually(async () => {
      expect(await rig.rows(`select from parked where operation_id = '${operation.operationId}'`)).toHaveLength(0);
      await replica.path.reversals.sendDue();
      const [row] = await rig.rows(`select state from reversal where operation_id = '${operation.operationId}'`);
      expect(row).toEqual(['acknowledged']);
    });
    expect(rig.book()).toContainEqual({ type: 'reversal', operationId: operation.operationId, status: 'reversed' });
  });

  it('of a process that died after its claim is taken up by another after the deadline, and never sent', async () => {
    const operation = sale();
    const record = scoredRecord(operation);
    const dying = await rig.replica();
    // The claim as the dying process left it: durable, and nothing else.
    await dying.path.links.stop();
    await rig.rows(
      `insert into claim (operation_id, fingerprint, merchant_id, writer, fee_contract_id, acquirer_id)
       values ('${operation.operationId}', '\\x${fingerprintOf(operation)}', ${operation.merchantId}, 1, 12, '48020000')`,
    );
    const sent = replica.send([record]);
    await allDone(sent);
    expect(await outcomesOf(operation)).toEqual([]);
    await eventually(
      async () => {
        await replica.path.takeUp.takeUp();
        expect(await outcomesOf(operation)).toEqual([
          expect.objectContaining({ status: 'reversed', responseCode: 'no_answer' }),
        ]);
      },
      { withinMs: 15_000, everyMs: 250 },
    );
    expect(salesOf(operation)).toBe(0);
    expect(await rig.rows(`select from reversal where operation_id = '${operation.operationId}'`)).toHaveLength(1);
  });

  it('that another process reversed meanwhile stays reversed, and our late approval is given back', async () => {
    await rig.behave({ latencyMs: 300 });
    const operation = sale();
    const sent = replica.send([scoredRecord(operation)]);
    await sent.handled;
    await rig.rows(
      `insert into outcome (operation_id, merchant_id, amount_minor, requested_at, business_date, fee_contract_id, sequence, kind, status, response_code,
         currency, acquirer_id, issuer_id, card_type, rrn, auth_code, terminal_id, scenario, merchant_order_no)
       values ('${operation.operationId}', ${operation.merchantId}, 12888, now(), current_date, 12, 1, 'sale', 'reversed', 'no_answer',
         'CNY', '48020000', '01020000', 'debit', 'X', '', '00000001', 'catering', 'order-1')`,
    );
    await allDone(sent);
    expect(await outcomesOf(operation)).toEqual([expect.objectContaining({ status: 'reversed' })]);
    const [row] = await rig.rows(`select reason from reversal where operation_id = '${operation.operationId}'`);
    expect(row).toEqual(['lost_race']);
    await rig.behave({ latencyMs: 0 });
  });
});

it('publishes a stored outcome again where the process died before it was acknowledged', async () => {
  const operation = sale();
  await allDone(replica.send([scoredRecord(operation)]));
  const restarted = await rig.replica();
  await allDone(restarted.send([scoredRecord(operation)]));
  const [first, second] = await outcomesOf(operation);
  expect(second).toEqual(first);
  expect(salesOf(operation)).toBe(1);
});

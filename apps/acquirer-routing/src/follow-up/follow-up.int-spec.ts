import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  decodeOperationScored,
  decodeOutcome,
  decodeRefusal,
  fingerprintOf,
  topics,
  type OperationRequest,
  type Outcome,
  type Refusal,
} from '@fourway/contracts';
import { sleep, SwitchError } from '@fourway/kernel';
import { readTopic } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import { ClaimRepository } from '../authorize-payment/claim.repository.ts';
import { outcomeOfAttempt } from '../decide-outcome/outcome-of-attempt.ts';
import {
  merchant,
  onPayment,
  sale,
  routingRig,
  scoredRecord,
  type Replica,
  type RoutingRig,
} from '../testing/routing-rig.ts';

let rig: RoutingRig;
let replicas: [Replica, Replica];
beforeAll(async () => {
  rig = await routingRig();
  replicas = [await rig.replica(), await rig.replica()];
});
afterAll(() => rig.stop());
afterEach(() => rig.behave({ silentRate: 0 }));

const authorize = (changes: Partial<OperationRequest> = {}): OperationRequest =>
  sale({ kind: 'authorize', ...changes });

/** Sends requests to a replica, one batch, and returns when its records are done. */
async function send(requests: readonly OperationRequest[], replica = replicas[0]): Promise<void> {
  const { batch, done } = replica.send(requests.map((request) => scoredRecord(request)));
  await eventually(() => expect(done.size).toBe(batch.records.length));
}

/** As the services' timers do, until everything is answered. */
async function settle(count: number, rootId: string): Promise<void> {
  await eventually(async () => {
    for (const { path } of replicas) {
      await path.followUps.parkWaiting();
      await rig.rows(`update parked set due_at = now(), lease_until = '-infinity'`);
      await path.takeUp.takeUp();
    }
    await sleep(20);
    expect(await outcomesOf(rootId)).toHaveLength(count);
  });
}

interface Decided {
  readonly operationId: string;
  readonly kind: string;
  readonly status: string;
  readonly code: string;
  readonly amount: bigint;
  readonly sequence: number;
}

const outcomesOf = async (rootId: string): Promise<Decided[]> =>
  (
    await rig.rows(`select operation_id, kind, status, response_code, amount_minor, sequence from outcome
      where operation_id = '${rootId}' or root_id = '${rootId}' order by sequence, operation_id`)
  ).map(([operationId, kind, status, code, amount, sequence]) => ({
    ...{ operationId: operationId ?? '', kind: kind ?? '', status: status ?? '', code: code ?? '' },
    ...{ amount: BigInt(amount ?? '0'), sequence: Number(sequence) },
  }));
const answersOf = async (rootId: string): Promise<string[]> =>
  (await outcomesOf(rootId)).map(({ kind, status, code, sequence }) => `${sequence} ${kind} ${status} ${code}`);
const totalsOf = async (rootId: string): Promise<string> =>
  (
    await rig.rows(`select state || ' authorized ' || authorized_minor || ' captured ' || captured_minor || ' refunded ' || refunded_minor
      || ' voided ' || voided_minor || ' reserved ' || reserved_minor from payment_totals where root_id = '${rootId}'`)
  )[0]?.[0] ?? 'none';
const bookOf = ({ operationId }: OperationRequest): string[] =>
  rig.book().flatMap((entry) => (entry.operationId === operationId ? [`${entry.type} ${entry.status}`] : []));

const startedAtMs = Date.now();
const recordsOf = async <T extends { readonly operationId: string } | null>(
  topic: string,
  decode: (bytes: Uint8Array) => T,
  { operationId }: OperationRequest,
): Promise<NonNullable<T>[]> => {
  const found: NonNullable<T>[] = [];
  await readTopic({
    ...{ brokers: [testEngines().kafka], clientId: 'spec', topic, sinceMs: startedAtMs },
    onRecords: (records) => {
      for (const { value } of records) {
        const read = value === null ? null : readable(value, decode);
        if (read?.operationId === operationId) found.push(read);
      }
    },
  });
  return found;
};
/** Other specs share the topics, and what they leave there need not be readable. */
function readable<T>(value: Buffer, decode: (bytes: Uint8Array) => T): T | null {
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof SwitchError) return null;
    throw error;
  }
}
/** As a process leaves it that dies between storing an outcome and publishing it. */
async function declineUnpublished(root: OperationRequest): Promise<void> {
  const { value } = scoredRecord(root);
  const scored = decodeOperationScored(value ?? Buffer.alloc(0));
  const issuer = { issuerId: '01020000', cardType: 'debit', first: '62', last: '63' } as const;
  const attempt = { scored, merchant, issuer, acquirerId: '', feeContractId: 0 };
  const outcome = outcomeOfAttempt(attempt, {
    status: 'declined',
    responseCode: 'risk_declined',
    authCode: '',
    rrn: '',
  });
  const { operationId, merchantId } = root;
  await new ClaimRepository(replicas[0].engines, '77').claim([
    {
      ...{ operationId, merchantId, fingerprint: fingerprintOf(root), acquirerId: '', feeContractId: 0, outcome },
      merchantOrderNo: null,
    },
  ]);
}

const publishedOf = (request: OperationRequest): Promise<Outcome[]> =>
  recordsOf(topics.outcomes.name, decodeOutcome, request);
const refusalsOf = (request: OperationRequest): Promise<Refusal[]> =>
  recordsOf(topics.refused.name, decodeRefusal, request);

describe('a refund', () => {
  it('goes to the acquirer of its sale in parts, and not beyond what was captured', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    expect(await totalsOf(root.operationId)).toBe('none');
    const parts = [400n, 600n, 1n].map((amountMinor) => onPayment(root, 'refund', { amountMinor }));
    await send(parts);
    expect(await answersOf(root.operationId)).toEqual([
      '1 sale approved 00',
      '2 refund approved 00',
      '3 refund approved 00',
      '4 refund declined payment_not_refundable',
    ]);
    expect(await totalsOf(root.operationId)).toBe(
      'refunded authorized 1000 captured 1000 refunded 1000 voided 0 reserved 0',
    );
    expect(parts.flatMap(bookOf)).toEqual(['refund approved', 'refund approved']);
    expect(await publishedOf(parts[0] ?? root)).toMatchObject([
      { sequence: 2, kind: 'refund', rootId: root.operationId },
    ]);
  });

  it('is the same answer however often it is asked for, and another body under its id is refused (G3)', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const refund = onPayment(root, 'refund', { amountMinor: 700n });
    await send([refund, refund]);
    await send([refund, { ...refund, eventId: root.eventId, amountMinor: 1n }], replicas[1]);
    expect(await answersOf(root.operationId)).toEqual(['1 sale approved 00', '2 refund approved 00']);
    expect(bookOf(refund)).toEqual(['refund approved']);
    const published = await publishedOf(refund);
    expect(published.length).toBeGreaterThan(1);
    expect(
      new Set(published.map((outcome) => JSON.stringify(outcome, (_, value: unknown) => String(value)))).size,
    ).toBe(1);
    expect((await refusalsOf(refund)).map(({ code }) => code)).toEqual(['conflict']);
  });

  it('comes in one batch with sales that are declined at once', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const refund = onPayment(root, 'refund');
    const [denied, expired] = [sale(), sale({ requestedAtMs: Date.now() - 120_000 })];
    const { batch, done } = replicas[0].send([
      scoredRecord(denied, { verdict: 'decline', reasons: ['card_denied'] }),
      scoredRecord(refund),
      scoredRecord(expired),
      scoredRecord(onPayment(denied, 'refund')),
    ]);
    await eventually(() => expect(done.size).toBe(batch.records.length));
    expect(await answersOf(root.operationId)).toEqual(['1 sale approved 00', '2 refund approved 00']);
    expect(await answersOf(denied.operationId)).toEqual([
      '1 sale declined risk_declined',
      '2 refund declined payment_not_approved',
    ]);
  });

  it('waits for its sale that comes in the same batch', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root, onPayment(root, 'refund', { amountMinor: 1_000n })]);
    expect(await answersOf(root.operationId)).toEqual(['1 sale approved 00', '2 refund approved 00']);
  });

  it('of which no answer comes is reversed, and frees what it held', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const [lost, early, again] = [800n, 900n, 1_000n].map((amountMinor) => onPayment(root, 'refund', { amountMinor }));
    if (lost === undefined || early === undefined || again === undefined) throw new Error('three refunds');
    await rig.behave({ silentRate: 1 });
    await send([lost]);
    await settle(2, root.operationId);
    await rig.behave({ silentRate: 0 });
    // The acquirer counts for itself: until the reversal is there, it holds the money of the refund that we know nothing of.
    await send([early]);
    await replicas[0].path.reversals.sendDue();
    await eventually(() => expect(bookOf(lost)).toEqual(['refund approved', 'reversal reversed']));
    await send([again]);
    expect(await answersOf(root.operationId)).toEqual([
      '1 sale approved 00',
      '2 refund reversed no_answer',
      '3 refund declined 13',
      '4 refund approved 00',
    ]);
    expect(await totalsOf(root.operationId)).toBe(
      'refunded authorized 1000 captured 1000 refunded 1000 voided 0 reserved 0',
    );
  });

  it.each<[string, Partial<OperationRequest>, string]>([
    ['another merchant', { merchantId: '831000058120002' }, 'unknown_merchant'],
    ['another card', { cardToken: '6299000112345679' }, 'card_differs'],
  ])('in the name of %s is refused', async (_, changes, code) => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const refund = onPayment(root, 'refund', { amountMinor: 1n, ...changes });
    await send([refund]);
    expect((await refusalsOf(refund)).map((refusal) => refusal.code)).toEqual([code]);
    expect(await answersOf(root.operationId)).toEqual(['1 sale approved 00']);
  });

  it('whose claim another process holds and never decides is reversed when its time is over', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const refund = onPayment(root, 'refund', { amountMinor: 1_000n });
    await rig.behave({ silentRate: 1 });
    const owner = replicas[0].send([scoredRecord(refund)]);
    await eventually(async () =>
      expect(await rig.rows(`select from claim where operation_id = '${refund.operationId}'`)).toHaveLength(1),
    );
    await rig.rows(
      `update claim set claimed_at = now() - interval '1 minute' where operation_id = '${refund.operationId}'`,
    );
    await send([refund], replicas[1]);
    await replicas[1].path.takeUp.takeUp();
    await settle(2, root.operationId);
    expect(await answersOf(root.operationId)).toEqual(['1 sale approved 00', '2 refund reversed no_answer']);
    expect(await totalsOf(root.operationId)).toBe(
      'captured authorized 1000 captured 1000 refunded 0 voided 0 reserved 0',
    );
    await eventually(() => expect(owner.done.size).toBe(1));
  });
});

describe('an authorization', () => {
  it('is captured in parts, within what was authorized', async () => {
    const root = authorize({ amountMinor: 1_000n });
    await send([root]);
    const parts = [300n, 800n, 700n].map((amountMinor) => onPayment(root, 'capture', { amountMinor }));
    await send(parts);
    expect(await answersOf(root.operationId)).toEqual([
      '1 authorize approved 00',
      '2 capture approved 00',
      '3 capture declined amount_exceeds_authorized',
      '4 capture approved 00',
    ]);
    expect([root, ...parts].flatMap(bookOf)).toEqual([
      'authorization approved',
      'capture approved',
      'capture approved',
    ]);
    await send([onPayment(root, 'refund', { amountMinor: 1_000n })]);
    expect(await totalsOf(root.operationId)).toBe(
      'refunded authorized 1000 captured 1000 refunded 1000 voided 0 reserved 0',
    );
  });

  it('that comes after its capture finds it parked', async () => {
    const root = authorize({ amountMinor: 1_000n });
    const capture = onPayment(root, 'capture', { amountMinor: 1_000n });
    await send([capture]);
    expect(await rig.rows(`select from parked where operation_id = '${capture.operationId}'`)).toHaveLength(1);
    await send([root]);
    await settle(2, root.operationId);
    expect(await answersOf(root.operationId)).toEqual(['1 authorize approved 00', '2 capture approved 00']);
    // Only the acknowledged answer takes the row off, so it goes a little later than the outcome is stored.
    await eventually(async () =>
      expect(await rig.rows(`select from parked where root_id = '${root.operationId}'`)).toHaveLength(0),
    );
  });

  it('whose capture waits in the queue is not captured in another body that comes later', async () => {
    const root = authorize({ amountMinor: 1_000n });
    const capture = onPayment(root, 'capture', { amountMinor: 1_000n });
    await send([capture]);
    await send([root]);
    await send([{ ...capture, eventId: randomUUID(), amountMinor: 999n }]);
    await settle(2, root.operationId);
    expect((await outcomesOf(root.operationId)).map(({ amount }) => amount)).toEqual([1_000n, 1_000n]);
    // Both replicas may have taken it up: at least once.
    await eventually(async () => expect((await refusalsOf(capture)).map(({ code }) => code)).toContain('conflict'));
  });

  it('whose capture is answered from the queue leaves another body there, which is then refused', async () => {
    const root = authorize({ amountMinor: 1_000n });
    const capture = onPayment(root, 'capture', { amountMinor: 1_000n });
    const other = { ...capture, eventId: randomUUID(), amountMinor: 999n };
    await send([capture]);
    await send([other]);
    await send([root]);
    const rowsLeft = async (): Promise<(string | null)[]> =>
      (
        await rig.rows(
          `select source_offset from parked where operation_id = '${capture.operationId}' order by source_offset`,
        )
      ).map(([offset = null]) => offset);
    const takeUp = async (offset: string | null | undefined): Promise<void> => {
      await rig.rows(
        `update parked set due_at = now(), lease_until = '-infinity' where source_offset = ${offset ?? ''}`,
      );
      await replicas[0].path.takeUp.takeUp();
    };
    const [first, second] = await rowsLeft();
    await rig.rows(`update parked set due_at = now() + interval '1 minute' where root_id = '${root.operationId}'`);
    await takeUp(first);
    await eventually(async () => expect(await rowsLeft()).toEqual([second]));
    await takeUp(second);
    await eventually(async () => expect(await rowsLeft()).toEqual([]));
    expect(await answersOf(root.operationId)).toEqual(['1 authorize approved 00', '2 capture approved 00']);
    expect((await refusalsOf(capture)).map(({ eventId, code }) => `${eventId} ${code}`)).toEqual([
      `${other.eventId} conflict`,
    ]);
  });

  it('that was declined by a process which died before it said so is published before the operation that nobody is asked for', async () => {
    const root = authorize({ amountMinor: 1_000n });
    const capture = onPayment(root, 'capture', { amountMinor: 1_000n });
    await send([capture]);
    await declineUnpublished(root);
    await settle(2, root.operationId);
    expect(await answersOf(root.operationId)).toEqual([
      '1 authorize declined risk_declined',
      '2 capture declined payment_not_approved',
    ]);
    await eventually(async () => expect(await publishedOf(capture)).not.toEqual([]));
    // Nobody else would have: its owner is gone.
    expect((await publishedOf(root))[0]).toMatchObject({ sequence: 1, responseCode: 'risk_declined' });
  });

  it('that never comes lets its capture go after its time, once', async () => {
    const root = authorize();
    const capture = onPayment(root, 'capture');
    await send([capture, capture]);
    await rig.rows(`update parked set give_up_at = now() where operation_id = '${capture.operationId}'`);
    await settle(1, root.operationId);
    expect(await answersOf(root.operationId)).toEqual(['0 capture declined payment_not_found']);
    await send([root]);
    expect(await answersOf(root.operationId)).toEqual([
      '0 capture declined payment_not_found',
      '1 authorize approved 00',
    ]);
  });
});

describe('what undoes', () => {
  it('a void of a sale, once', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const voids = [999n, 1_000n, 1_000n].map((amountMinor) => onPayment(root, 'void', { amountMinor }));
    await send(voids);
    await send([onPayment(root, 'refund', { amountMinor: 1n })]);
    expect(await answersOf(root.operationId)).toEqual([
      '1 sale approved 00',
      '2 void declined amount_differs',
      '3 void approved 00',
      '4 void declined already_voided',
      '5 refund declined already_voided',
    ]);
    expect(voids.flatMap(bookOf)).toEqual(['void approved']);
  });

  it('a void of one capture, which may be captured again', async () => {
    const root = authorize({ amountMinor: 1_000n });
    const capture = onPayment(root, 'capture', { amountMinor: 600n });
    const undo = onPayment(root, 'void', { amountMinor: 600n, originalOperationId: capture.operationId });
    const release = onPayment(root, 'void', { amountMinor: 1_000n });
    await send([root, capture, undo, onPayment(root, 'capture', { amountMinor: 1_000n }), release]);
    expect(await answersOf(root.operationId)).toEqual([
      '1 authorize approved 00',
      '2 capture approved 00',
      '3 void approved 00',
      '4 capture approved 00',
      '5 void declined payment_captured',
    ]);
    expect(bookOf(undo)).toEqual(['void approved']);
    expect(await publishedOf(undo)).toMatchObject([{ originalOperationId: capture.operationId }]);
  });

  it('a reversal of the root, or of a refund', async () => {
    const root = sale({ amountMinor: 1_000n });
    const refund = onPayment(root, 'refund', { amountMinor: 600n });
    const undo = onPayment(root, 'reversal', { amountMinor: 600n, originalOperationId: refund.operationId });
    await send([root, refund, undo, onPayment(root, 'reversal', { amountMinor: 1_000n })]);
    expect(await answersOf(root.operationId)).toEqual([
      '1 sale approved 00',
      '2 refund approved 00',
      '3 reversal approved 00',
      '4 reversal approved 00',
    ]);
    await replicas[0].path.reversals.sendDue();
    await eventually(() =>
      expect([...bookOf(refund), ...bookOf(root)]).toEqual([
        'refund approved',
        'reversal reversed',
        'sale approved',
        'reversal reversed',
      ]),
    );
    expect(await totalsOf(root.operationId)).toBe(
      'reversed authorized 1000 captured 0 refunded 0 voided 1000 reserved 0',
    );
  });
});

describe('G5: no limit is overdrawn', () => {
  it('by refunds of one payment at two replicas at once, in shared and in separate batches', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root]);
    const refunds = Array.from({ length: 40 }, (_, i) =>
      onPayment(root, 'refund', { amountMinor: BigInt(30 + 7 * (i % 9)) }),
    );
    // The same operations at both, as after a rebalance that one of them has not noticed, in different orders and batches.
    for (let i = 0; i < refunds.length; i += 10)
      replicas[0].send(refunds.slice(i, i + 10).map((refund) => scoredRecord(refund)));
    for (const refund of refunds.toReversed()) replicas[1].send([scoredRecord(refund)]);
    await settle(1 + refunds.length, root.operationId);
    const outcomes = await outcomesOf(root.operationId);
    expect(outcomes.map(({ sequence }) => sequence)).toEqual(outcomes.map((_, i) => i + 1));
    const approved = outcomes.filter(({ kind, status }) => kind === 'refund' && status === 'approved');
    const sum = approved.reduce((total, { amount }) => total + amount, 0n);
    expect(sum).toBeLessThanOrEqual(1_000n);
    // No smaller one was declined while there was room: what is left is less than every declined amount.
    expect(sum).toBeGreaterThan(1_000n - 100n);
    expect(await totalsOf(root.operationId)).toMatch(new RegExp(`refunded ${sum} voided 0 reserved 0$`));
    const atAcquirer = refunds.filter((refund) => bookOf(refund).join() === 'refund approved');
    expect(atAcquirer.map(({ operationId }) => operationId).sort()).toEqual(
      approved.map(({ operationId }) => operationId).sort(),
    );
    expect(refunds.every((refund) => bookOf(refund).length <= 1)).toBe(true);
  }, 60_000);

  it('by statements that pass the checks by: the database refuses them itself', async () => {
    const root = sale({ amountMinor: 1_000n });
    await send([root, onPayment(root, 'refund', { amountMinor: 1n })]);
    const overdraw = rig.rows(`update payment_totals set refunded_minor = 1001 where root_id = '${root.operationId}'`);
    await expect(overdraw).rejects.toThrow('refunds_within_captured');
  });
});

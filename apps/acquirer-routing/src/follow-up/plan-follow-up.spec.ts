import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, type OperationRequest } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import { reserve, totalsOfRoot } from '@fourway/payment';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Incoming, Parties } from '../operation.ts';
import { planFollowUp, type FollowUpContext, type FollowUpPlan } from './plan-follow-up.ts';
import type { PaymentPicture } from './payment-picture.repository.ts';

const nowMs = Date.UTC(2026, 10, 22, 12);
const id = (n: number): string => uuidV7(nowMs + n, new Uint8Array(10));
const sale: OperationRequest = {
  ...{ eventId: id(0), operationId: id(1), rootId: id(1), kind: 'sale', merchantId: '831000058120001' },
  ...{ terminalId: '00000001', merchantOrderNo: 'order-1', amountMinor: 1_000n, currency: 'CNY' },
  ...{
    cardToken: '6299000112345678',
    presentment: 'consumer',
    requestedAtMs: nowMs,
    expiresAtMs: 0,
    upstreamId: 'test',
  },
};
const root: StoredOutcome = {
  ...{ operationId: sale.operationId, rootId: sale.rootId, sequence: 1, kind: 'sale', merchantId: sale.merchantId },
  ...{ terminalId: sale.terminalId, merchantOrderNo: 'order-1', status: 'approved', responseCode: '00' },
  ...{ amountMinor: 1_000n, currency: 'CNY', acquirerId: '48020000', issuerId: '01020000', cardType: 'debit' },
  ...{
    rrn: 'RRN',
    authCode: '123456',
    feeContractId: 12,
    scenario: 'catering',
    requestedAtMs: nowMs,
    decidedAtMs: nowMs,
  },
  businessDate: '2026-11-22',
};
const parties: Parties = {
  merchant: {
    ...{ merchantId: sale.merchantId, isActive: false, mcc: '5812', scenario: 'catering', currency: 'CNY' },
    ...{ hasApiKey: false, acquirers: [] },
  },
  issuer: { first: '62', last: '63', issuerId: '01020000', cardType: 'debit' },
};
const refund: OperationRequest = { ...sale, operationId: id(2), kind: 'refund', presentment: null };
const incoming = (request: OperationRequest): Incoming => ({
  record: { topic: 't', partition: 0, offset: 5n, key: null, value: null, headers: {}, timestampMs: nowMs },
  batch: { records: [], turn: Promise.resolve(), done: () => undefined, deadLetter: () => undefined },
  scored: {
    ...{ operation: request, verdict: 'accept', score: 0, reasons: [], degraded: false },
    ...{ sourcePartition: 0, sourceOffset: 0n, scoredAtMs: nowMs },
  },
  fingerprint: fingerprintOf(request),
});
const picture: PaymentPicture = {
  ...{
    claim: null,
    outcome: null,
    original: null,
    totals: null,
    isBehindParked: false,
    isBehindItself: false,
    giveUpAtMs: null,
  },
  root: { fingerprint: fingerprintOf(sale), outcome: root },
  today: '2026-11-22',
};
const totals = totalsOfRoot({ kind: 'sale', status: 'approved', amountMinor: 1_000n });
const claim = {
  ...{ fingerprint: fingerprintOf(refund), acquirerId: '48020000', feeContractId: 12, writer: 'other' },
  claimedAtMs: nowMs - 5_000,
};

function plan(
  seen: Partial<PaymentPicture>,
  { request = refund, ...context }: Partial<FollowUpContext> & { readonly request?: OperationRequest } = {},
): FollowUpPlan {
  const settings = { parties, nowMs, oldestId: id(-1), writer: 'ours', isFromQueue: false, takeUpAfterMs: 9_000 };
  return planFollowUp(incoming(request), { ...settings, ...context, picture: { ...picture, ...seen } });
}

const told = (planned: FollowUpPlan): string => {
  if (planned.kind === 'refuse') return `refuse ${planned.error.code}`;
  if (planned.kind !== 'claim') return planned.kind;
  const { outcome, attempt } = planned.claim;
  return outcome === null
    ? `ask ${attempt?.acquirerId}`
    : `${outcome.sequence} ${outcome.status} ${outcome.responseCode}`;
};

describe('planFollowUp', () => {
  it.each<[string, FollowUpPlan, string]>([
    ['goes to the acquirer of its root, whether the merchant may still sell or not', plan({}), 'ask 48020000'],
    ['waits for a root that is undecided', plan({ root: { fingerprint: 'f', outcome: null } }), 'wait'],
    ['waits behind an earlier record of its payment', plan({ isBehindParked: true }), 'wait'],
    [
      'waits for what is in flight on its payment',
      plan({
        totals: {
          version: 1,
          totals: reserve(totals, {
            operationId: id(3),
            kind: 'refund',
            move: 'refund',
            amountMinor: 1n,
            undoes: null,
          }),
        },
      }),
      'wait',
    ],
    ['is early without a root', plan({ root: null }), 'early'],
    [
      'is early behind another one that is: each waits its own time',
      plan({ root: null, isBehindParked: true }),
      'early',
    ],
    [
      'is declined when its time is up',
      plan({ root: null, giveUpAtMs: nowMs }, { isFromQueue: true }),
      '0 declined payment_not_found',
    ],
    ['older than operations are remembered is refused', plan({}, { oldestId: id(3) }), 'refuse id_out_of_range'],
    ['so old that was claimed is left to its claim', plan({ claim }, { oldestId: id(3) }), 'elsewhere'],
    [
      'that was in time when it was parked is so still',
      plan({}, { oldestId: id(3), isFromQueue: true }),
      'ask 48020000',
    ],
    [
      'is early although late itself, where the same one came in time and waits',
      plan({ root: null, giveUpAtMs: nowMs + 61_000 }, { nowMs: nowMs + 60_001 }),
      'early',
    ],
    [
      'is not given up in the body that came second',
      plan({ root: null, giveUpAtMs: nowMs, isBehindItself: true }, { isFromQueue: true }),
      'early',
    ],
    ['without a root expires on arrival', plan({ root: null }, { nowMs: nowMs + 60_001 }), '0 expired expired'],
    ['expires on arrival', plan({}, { nowMs: nowMs + 60_001 }), '2 expired expired'],
    ['does not expire in the queue', plan({}, { nowMs: nowMs + 60_001, isFromQueue: true }), 'ask 48020000'],
    [
      'that was too late before it came to the queue expires there',
      plan({}, { request: { ...refund, requestedAtMs: nowMs - 60_001 }, isFromQueue: true }),
      '2 expired expired',
    ],
    [
      'with another card is refused',
      plan({}, { request: { ...refund, cardToken: '6299000112345679' } }),
      'refuse card_differs',
    ],
    [
      'in another currency is refused',
      plan({}, { request: { ...refund, currency: 'USD' } }),
      'refuse currency_differs',
    ],
    [
      'on what is no root is refused',
      plan({ root: { fingerprint: null, outcome: { ...root, kind: 'refund' } } }),
      'refuse root_not_a_payment',
    ],
    [
      'of too much is declined by the switch',
      plan({}, { request: { ...refund, amountMinor: 1_001n } }),
      '2 declined amount_exceeds_captured',
    ],
    ['that another process has claimed is left to it', plan({ claim }, { isFromQueue: true }), 'elsewhere'],
    ['that nobody decided in time is unknown', plan({ claim }, { isFromQueue: true, nowMs: nowMs + 4_000 }), 'unknown'],
    ['that is ours goes on', plan({ claim: { ...claim, writer: 'ours' } }), 'go_on'],
    [
      'whose id stands for another body is left to that one',
      plan({ claim: { ...claim, fingerprint: 'other' } }, { isFromQueue: true, nowMs: nowMs + 60_000 }),
      'elsewhere',
    ],
  ])('an operation %s', (_, planned, expected) => expect(told(planned)).toBe(expected));

  it('a reversal is approved with the 0420 of what it undoes, and asks nobody', () => {
    const planned = plan({}, { request: { ...refund, kind: 'reversal' } });
    expect(told(planned)).toBe('2 approved 00');
    expect(planned).toMatchObject({
      claim: {
        attempt: null,
        reversal: { operationId: root.operationId, kind: 'sale', reason: 'requested', amountMinor: 1_000n },
        totals: { version: 0, after: { state: 'reversed', capturedMinor: 0n, sequence: 2 } },
        outcome: { originalKind: 'sale', acquirerId: '48020000', rrn: '' },
      },
    });
  });

  it('a void that names an operation of another payment finds none', () => {
    const request = { ...refund, kind: 'void' as const, originalOperationId: id(9) };
    const original = { ...root, operationId: id(9), rootId: id(8), kind: 'capture' as const };
    expect(told(plan({ original }, { request }))).toBe('2 declined operation_not_found');
  });
});

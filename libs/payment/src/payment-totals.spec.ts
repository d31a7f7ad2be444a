import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkFollowUp, type Original } from './check-follow-up.ts';
import type { FollowUpKind } from './operation-kinds.ts';
import type { OperationStatus } from './payment-life.ts';
import { reserve, settle, totalsOfRoot, type PaymentTotals } from './payment-totals.ts';

// Give FOURWAY_SEED to run a seed again.
const seed = Number(process.env['FOURWAY_SEED'] ?? Date.now() % 1_000_000_007);
const today = '2026-11-22';
const rootId = 'root';

/** One request as it arrives; the same id may arrive again, with the same body or another one, at any time. */
interface Arrival {
  readonly id: number;
  readonly kind: FollowUpKind;
  readonly amountMinor: bigint;
  /** What a void or reversal names: 0 the root, else an operation's id. */
  readonly undoes: number;
  /** What the acquirer will make of it. */
  readonly answer: OperationStatus;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  kind: fc.constantFrom<FollowUpKind>('capture', 'capture', 'refund', 'refund', 'void', 'reversal'),
  // Often the whole, which is what can be undone.
  amountMinor: fc.oneof(fc.bigInt(1n, 120n), fc.constant(100n), fc.constant(40n)),
  undoes: fc.integer({ min: 0, max: 12 }),
  answer: fc.constantFrom<OperationStatus>('approved', 'approved', 'approved', 'declined', 'reversed'),
});

interface Decided {
  readonly arrival: Arrival;
  readonly status: OperationStatus;
}

/** The switch: one operation after the other, each id decided once. */
function play(
  root: Parameters<typeof totalsOfRoot>[0],
  arrivals: readonly Arrival[],
): { totals: PaymentTotals; decided: Decided[] } {
  let totals = totalsOfRoot(root);
  const decided = new Map<number, Decided>();
  const originals = new Map<number, Original>([[0, { ...root, operationId: rootId, businessDate: today }]]);
  for (const each of arrivals) {
    if (decided.has(each.id)) continue;
    const operationId = String(each.id);
    const { kind, amountMinor } = each;
    const verdict = checkFollowUp(
      { operationId, kind, amountMinor },
      { totals, original: originals.get(each.undoes) ?? null, today },
    );
    const status = verdict.kind === 'declined' ? 'declined' : each.answer;
    const held = verdict.kind === 'declined' ? totals : reserve(totals, verdict.followUp);
    expect(held.capturedMinor + (kind === 'capture' ? held.reservedMinor : 0n) <= held.authorizedMinor).toBe(true);
    totals = settle(held, verdict.followUp, status);
    assertWithinLimits(totals);
    decided.set(each.id, { arrival: each, status });
    originals.set(each.id, { operationId, kind, status, amountMinor, businessDate: today });
  }
  return { totals, decided: [...decided.values()] };
}

/** After every operation, not only after the last: a limit that was passed and came back was passed. */
function assertWithinLimits({ authorizedMinor, capturedMinor, refundedMinor, inFlight }: PaymentTotals): void {
  const isWithin = 0n <= refundedMinor && refundedMinor <= capturedMinor && capturedMinor <= authorizedMinor;
  // Not by `expect`: a hundred thousand of those take longer than all the rest.
  if (!isWithin || inFlight !== null)
    throw new Error(`refunded ${refundedMinor}, captured ${capturedMinor}, authorized ${authorizedMinor}`);
}

/** The same told naively: which approved operations stand, and what they add up to. */
function standing(decided: readonly Decided[]): { captures: bigint; refunds: bigint; isUndone: boolean } {
  const approved = decided.filter(({ status }) => status === 'approved').map((each) => each.arrival);
  const undone = new Set(
    approved.filter(({ kind }) => kind === 'void' || kind === 'reversal').map(({ undoes }) => undoes),
  );
  const sum = (kind: FollowUpKind): bigint =>
    approved
      .filter((each) => each.kind === kind && !undone.has(each.id))
      .reduce((total, { amountMinor }) => total + amountMinor, 0n);
  return { captures: sum('capture'), refunds: sum('refund'), isUndone: undone.has(0) };
}

const roots = fc.record({
  kind: fc.constantFrom('sale' as const, 'authorize' as const),
  status: fc.constantFrom<OperationStatus>('approved', 'approved', 'approved', 'declined', 'reversed', 'expired'),
  amountMinor: fc.constant(100n),
});

describe('the totals of a payment', () => {
  it(`are what a naive count of the operations that stand gives, and never beyond a limit, in any order of duplicates and conflicts (seed ${seed})`, () => {
    fc.assert(
      fc.property(roots, fc.array(arrival, { maxLength: 40 }), (root, arrivals) => {
        const { totals, decided } = play(root, arrivals);
        const { captures, refunds, isUndone } = standing(decided);
        const ofSale = root.kind === 'sale' && root.status === 'approved' && !isUndone ? root.amountMinor : 0n;
        expect(totals.capturedMinor).toBe(captures + ofSale);
        expect(totals.refundedMinor).toBe(refunds);
        expect(totals.capturedMinor <= totals.authorizedMinor && totals.refundedMinor <= totals.capturedMinor).toBe(
          true,
        );
        expect(totals).toMatchObject({ reservedMinor: 0n, inFlight: null, sequence: 1 + decided.length });
        if (root.status !== 'approved') expect(decided.every(({ status }) => status === 'declined')).toBe(true);
      }),
      { numRuns: 2_000, seed },
    );
  });

  it('reach every state', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(roots, fc.array(arrival, { maxLength: 40 }), (root, arrivals) => {
        seen.add(play(root, arrivals).totals.state);
      }),
      { numRuns: 3_000, seed: 7 },
    );
    expect([...seen].sort()).toEqual([
      'authorized',
      'captured',
      'declined',
      'expired',
      'partially_captured',
      'partially_refunded',
      'refunded',
      'reversed',
      'voided',
    ]);
  });

  it('undo nothing whose business date has ended, but a hold', () => {
    const yesterday = '2026-11-21';
    const root = { status: 'approved', amountMinor: 100n } as const;
    const verdict = (kind: 'sale' | 'authorize'): string => {
      const original = { ...root, kind, operationId: rootId, businessDate: yesterday };
      const result = checkFollowUp(
        { operationId: 'v', kind: 'void', amountMinor: 100n },
        { totals: totalsOfRoot({ ...root, kind }), original, today },
      );
      return result.kind === 'declined' ? result.responseCode : 'allowed';
    };
    expect([verdict('sale'), verdict('authorize')]).toEqual(['already_settled', 'allowed']);
  });
});

import { encodeOperationRequested, type OperationKindName, type OperationRequest } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import type { RandomSequence } from '../random.ts';
import type { Expected, FollowingItem, OperationStimulus, TrafficItem } from './item.ts';
import type { Sales } from './sales.ts';

interface Workshop {
  readonly sales: Sales;
  readonly random: RandomSequence;
  readonly clock: Clock;
}

/** An operation on the payment of the item it follows. */
interface Operation {
  readonly kind: OperationKindName;
  readonly amountMinor: bigint;
  readonly expected?: Expected;
}

/** How long after its capture an early capture's authorization comes, milliseconds: the capture is parked by then. */
const earlyByMs = 1_500;

const anyOutcome: Expected = { answer: 'outcome' };
const declined: Expected = { answer: 'outcome', status: 'declined' };

/** Payments with operations on them: what comes after waits for the approval of the root, then goes out together and in order. */
export const operationMakers: Record<OperationStimulus, (workshop: Workshop) => TrafficItem> = {
  authorize_capture: (shop) =>
    root(shop, 'authorize_capture', 'authorize', ({ amountMinor }) => [{ kind: 'capture', amountMinor }]),
  partial_captures: (shop) =>
    root(shop, 'partial_captures', 'authorize', ({ amountMinor }) => [
      ...parts(amountMinor, 3).map((part): Operation => ({ kind: 'capture', amountMinor: part })),
      { kind: 'capture', amountMinor: amountMinor + 1n, expected: declined },
    ]),
  early_capture: earlyCapture,
  void_sale: (shop) => root(shop, 'void_sale', 'sale', ({ amountMinor }) => [{ kind: 'void', amountMinor }]),
  void_authorization: (shop) =>
    root(shop, 'void_authorization', 'authorize', ({ amountMinor }) => [{ kind: 'void', amountMinor }]),
  refund: (shop) => root(shop, 'refund', 'sale', ({ amountMinor }) => [{ kind: 'refund', amountMinor }]),
  partial_refunds: (shop) =>
    root(shop, 'partial_refunds', 'sale', ({ amountMinor }) =>
      parts(amountMinor, 2 + shop.random.below(3)).map((part) => ({ kind: 'refund', amountMinor: part })),
    ),
  over_refund: (shop) =>
    root(shop, 'over_refund', 'sale', ({ amountMinor }) => [
      { kind: 'refund', amountMinor: amountMinor + 1n, expected: declined },
    ]),
  reversal: (shop) => root(shop, 'reversal', 'sale', ({ amountMinor }) => [{ kind: 'reversal', amountMinor }]),
};

/** An amount in so many parts, the last the largest; in one where it is too small. */
function parts(amountMinor: bigint, count: number): bigint[] {
  const part = amountMinor / BigInt(count + 1);
  if (part === 0n) return [amountMinor];
  const first = Array.from({ length: count - 1 }, () => part);
  return [...first, amountMinor - part * BigInt(count - 1)];
}

function root(
  shop: Workshop,
  stimulus: OperationStimulus,
  kind: 'sale' | 'authorize',
  operationsOn: (request: OperationRequest) => readonly Operation[],
): TrafficItem {
  const { request, scenario } = shop.sales.next({ kind });
  const following = operationsOn(request).map((operation): FollowingItem => ({
    send: 'after_approval',
    item: itemOf(on(shop, request, operation), {
      stimulus,
      scenario: scenario.name,
      expected: operation.expected ?? anyOutcome,
    }),
  }));
  return { ...itemOf(request, { stimulus, scenario: scenario.name, expected: anyOutcome }), following };
}

function earlyCapture(shop: Workshop): TrafficItem {
  const { request, scenario } = shop.sales.next({ kind: 'authorize' });
  const about = { stimulus: 'early_capture' as const, scenario: scenario.name, expected: anyOutcome };
  const capture = on(shop, request, { kind: 'capture', amountMinor: request.amountMinor });
  return {
    ...itemOf(capture, about),
    // It waits for its authorization by intent: its time is no latency of the switch.
    isEarly: true,
    following: [{ send: { afterMs: earlyByMs }, item: itemOf(request, about) }],
  };
}

function on({ sales, clock }: Workshop, root: OperationRequest, { kind, amountMinor }: Operation): OperationRequest {
  const nowMs = clock.nowMs();
  const operationId = sales.newId(nowMs);
  return {
    ...root,
    ...{ eventId: sales.newId(nowMs), operationId, kind, amountMinor, presentment: null },
    merchantOrderNo: operationId.replaceAll('-', ''),
  };
}

const itemOf = (
  request: OperationRequest,
  about: Pick<TrafficItem, 'stimulus' | 'scenario' | 'expected'>,
): TrafficItem => ({
  ...about,
  operationId: request.operationId,
  records: [
    {
      ...{ eventId: request.eventId, key: request.rootId, value: encodeOperationRequested(request) },
      ...{ role: 'request', send: { afterMs: 0 } },
    },
  ],
});

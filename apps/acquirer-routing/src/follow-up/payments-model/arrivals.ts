import { randomBytes, randomUUID } from 'node:crypto';
import type { OperationRequest } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import { onPayment, sale } from '../../testing/routing-rig.ts';
import type { Arrival } from './history.ts';
import { idAges, type IdAge, type PaymentPlan, type Repeat, type Step } from './scenario.ts';

/** Every payment's amount, minor units; the acquirer declines what ends in `declinedEnding`. */
const amountMinor = 1_000n;
export const declinedEnding = '7';
const longAgoMs = 600_000;
/** Two steps may come before a late root. */
const lateRootWave = 3;

export interface PlannedPayment {
  readonly rootId: string;
  /** In the order in which they are sent. */
  readonly arrivals: readonly Arrival[];
}

/** Turns a plan into requests: new ids, and times from now on. */
export function arrivalsOf(plan: PaymentPlan, parties: Partial<OperationRequest>): PlannedPayment {
  const root = rootOf(plan, parties);
  const isDenied = plan.fate === 'denied';
  const operations: OperationRequest[] = [];
  let wave = plan.comes === 'late' ? 0 : 1;
  const arrivals: Arrival[] = [];
  if (plan.comes !== 'never') {
    const rootWave = plan.comes === 'late' ? lateRootWave : 0;
    arrivals.push(...withRepeats(root, { wave: rootWave, isStale: plan.fate === 'stale', isDenied }, plan.repeats));
  }
  for (const step of plan.steps) {
    wave += step.wavesLater;
    const operation = operationOf(root, step, operations);
    operations.push(operation);
    arrivals.push(...withRepeats(operation, { wave, isStale: step.isStale, isDenied: false }, step.repeats));
  }
  return { rootId: root.operationId, arrivals: arrivals.toSorted((a, b) => a.wave - b.wave) };
}

const idOf = (age: IdAge): string => uuidV7(Date.now() + idAges[age], randomBytes(10));
/** In time for however long a scenario takes, or too late when it is sent. */
const timesOf = (isStale: boolean): Pick<OperationRequest, 'requestedAtMs' | 'expiresAtMs'> => {
  const nowMs = Date.now();
  return isStale
    ? { requestedAtMs: nowMs - longAgoMs, expiresAtMs: 0 }
    : { requestedAtMs: nowMs, expiresAtMs: nowMs + longAgoMs };
};

function rootOf({ kind, fate, idAge }: PaymentPlan, parties: Partial<OperationRequest>): OperationRequest {
  const operationId = idOf(idAge);
  return sale({
    ...{ operationId, rootId: operationId, kind, ...parties },
    amountMinor: amountMinor + (fate === 'declined' ? BigInt(declinedEnding) : 0n),
    ...timesOf(fate === 'stale'),
  });
}

function operationOf(root: OperationRequest, step: Step, before: readonly OperationRequest[]): OperationRequest {
  const { kind, tenths, names, isStale, isDeclined, idAge } = step;
  const own = { operationId: idOf(idAge), ...timesOf(isStale) };
  const tail = isDeclined ? BigInt(declinedEnding) : 0n;
  if (kind === 'capture' || kind === 'refund')
    return onPayment(root, kind, { ...own, amountMinor: (amountMinor / 10n) * BigInt(tenths) + tail });
  const original = names === null ? undefined : before[names];
  const whole = (original ?? root).amountMinor + (tenths === 11 ? 1n : 0n);
  const named = original === undefined ? {} : { originalOperationId: original.operationId };
  return onPayment(root, kind, { ...own, amountMinor: whole, ...named });
}

function withRepeats(
  request: OperationRequest,
  first: Pick<Arrival, 'wave' | 'isStale' | 'isDenied'>,
  repeats: readonly Repeat[],
): Arrival[] {
  const arrival: Arrival = { request, isStray: false, ...first };
  return [arrival, ...repeats.map((repeat) => repeated(arrival, repeat))];
}

/** An arrival that keeps its event id is the same bytes. */
function repeated(arrival: Arrival, { how, wavesLater }: Repeat): Arrival {
  const { request } = arrival;
  const later = { ...arrival, wave: arrival.wave + wavesLater };
  const anew = { ...request, eventId: randomUUID() };
  switch (how) {
    case 'same_bytes':
      return later;
    case 'other_partition':
      return { ...later, isStray: true };
    case 'same_request':
      return { ...later, request: anew };
    case 'other_amount':
      return { ...later, request: { ...anew, amountMinor: request.amountMinor + 1n } };
    case 'after_its_time':
      return { ...later, isStale: true, request: { ...anew, ...timesOf(true) } };
  }
}

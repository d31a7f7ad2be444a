import { draw } from './draw.ts';
import type { Behaviour } from './behaviour.ts';

/** What happens to one sale, decided from its RRN and amount alone. */
export interface SalePlan {
  readonly responseCode: string;
  /** `never_seen`: as if the request had been lost before it arrived. */
  readonly answer: 'normal' | 'twice' | 'garbage' | 'silent' | 'never_seen';
  readonly wrongAmount: boolean;
  readonly delayMs: number;
}

/** @param amount DE4 as it came, 12 digits */
export function planSale(behaviour: Behaviour, rrn: string, amount: string): SalePlan {
  const picked = (rate: number, purpose: string): boolean => rate > 0 && draw(rrn, behaviour.seed, purpose) < rate;
  return {
    responseCode: responseCodeFor(behaviour, amount, picked),
    answer: answerFor(behaviour, picked),
    wrongAmount: picked(behaviour.wrongAmountRate, 'wrong amount'),
    delayMs: picked(behaviour.lateRate, 'late') ? behaviour.lateByMs : latencyMs(behaviour, rrn),
  };
}

type Picked = (rate: number, purpose: string) => boolean;

function responseCodeFor(behaviour: Behaviour, amount: string, picked: Picked): string {
  const rule = behaviour.amountRules.find(({ endsWith }) => amount.endsWith(endsWith));
  if (rule !== undefined) return rule.responseCode;
  if (picked(behaviour.technicalRate, 'technical')) return behaviour.technicalCode;
  return picked(behaviour.declineRate, 'decline') ? behaviour.declineCode : '00';
}

function answerFor(behaviour: Behaviour, picked: Picked): SalePlan['answer'] {
  if (picked(behaviour.silentRate, 'silent')) return behaviour.silentRecorded === 'approved' ? 'silent' : 'never_seen';
  if (picked(behaviour.garbageRate, 'garbage')) return 'garbage';
  return picked(behaviour.duplicateRate, 'duplicate') ? 'twice' : 'normal';
}

/** Standard deviations between the median and the 99th percentile of a normal distribution. */
const sigmasToP99 = 2.326;

/** The wait before an answer that is not late, in milliseconds. */
export function latencyMs(behaviour: Behaviour, rrn: string): number {
  const { latencyMs: latency, seed } = behaviour;
  if (typeof latency === 'number') return latency;
  // Box and Muller's method; 1 - u keeps the logarithm off zero.
  const radius = Math.sqrt(-2 * Math.log(1 - draw(rrn, seed, 'radius')));
  const normal = radius * Math.cos(2 * Math.PI * draw(rrn, seed, 'angle'));
  return Math.round(latency.p50 * (latency.p99 / latency.p50) ** (normal / sigmasToP99));
}

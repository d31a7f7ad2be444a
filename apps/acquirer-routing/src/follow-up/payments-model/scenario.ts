import fc from 'fast-check';

/** How the acquirer behaves while a scenario is played. */
export const weathers = {
  calm: { latencyMs: 0 },
  slow: { latencyMs: { p50: 5, p99: 250 }, lateRate: 0.1, lateByMs: 2_500 },
  deaf: { silentRate: 0.15, silentRecorded: 'never_seen' },
  mute: { silentRate: 0.15, silentRecorded: 'approved', duplicateRate: 0.2 },
  lying: { garbageRate: 0.05, wrongAmountRate: 0.1, duplicateRate: 0.3, technicalRate: 0.05 },
} as const;
export type Weather = keyof typeof weathers;

/** What happens to the replicas and their link; partitions move in all but the last two. */
export const blows = ['kill', 'stop', 'join', 'replace', 'pause', 'cut_link'] as const;
export type Blow = (typeof blows)[number];

export interface Disturbance {
  readonly blow: Blow;
  /** It comes before the wave of this number. */
  readonly wave: number;
}

export const repeatings = ['same_bytes', 'same_request', 'other_amount', 'after_its_time', 'other_partition'] as const;

/** The same operation id once more. */
export interface Repeat {
  readonly how: (typeof repeatings)[number];
  readonly wavesLater: number;
}

export interface Step {
  readonly kind: 'capture' | 'refund' | 'void' | 'reversal';
  /** Of the payment's amount; 11 is more than there is. A void or reversal of 11 names a wrong amount, else the right one. */
  readonly tenths: number;
  /** The acquirer is to decline it. */
  readonly isDeclined: boolean;
  readonly isStale: boolean;
  /** The step that a void or reversal names; null: the root. */
  readonly names: number | null;
  /** Since the step before. */
  readonly wavesLater: number;
  readonly idAge: IdAge;
  readonly repeats: readonly Repeat[];
}

/** Ids are accepted from 35 days behind to 5 minutes ahead of their records. */
export const idAges = { now: 0, oldest: -34.9 * 86_400_000, newest: 4 * 60_000 } as const;
export type IdAge = keyof typeof idAges;

export interface PaymentPlan {
  readonly kind: 'sale' | 'authorize';
  readonly fate: 'approved' | 'declined' | 'denied' | 'stale';
  /** The root comes before its operations, after some of them, or not at all. */
  readonly comes: 'first' | 'late' | 'never';
  readonly idAge: IdAge;
  readonly repeats: readonly Repeat[];
  readonly steps: readonly Step[];
}

export interface Scenario {
  readonly weather: Weather;
  readonly disturbances: readonly Disturbance[];
  readonly payments: readonly PaymentPlan[];
}

/** Shrinks towards the first value. */
const mostly = <T>(first: T, weight: number, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(first), weight },
    ...others.map((value) => ({ arbitrary: fc.constant(value), weight: 1 })),
  );

const repeat = fc.record({ how: fc.constantFrom(...repeatings), wavesLater: fc.integer({ min: 0, max: 6 }) });
const idAge = mostly<IdAge>('now', 8, 'oldest', 'newest');
const isRarely = (weight: number): fc.Arbitrary<boolean> => mostly(false, weight, true);

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind']>('capture', 'refund', 'refund', 'void', 'reversal'),
  tenths: fc.constantFrom(1, 3, 4, 6, 10, 10, 11),
  isDeclined: isRarely(8),
  isStale: isRarely(10),
  names: fc.option(fc.nat(5), { freq: 2 }),
  wavesLater: fc.integer({ min: 0, max: 2 }),
  idAge,
  repeats: fc.array(repeat, { maxLength: 3 }),
});

const payment: fc.Arbitrary<PaymentPlan> = fc.record({
  kind: fc.constantFrom<PaymentPlan['kind']>('sale', 'authorize', 'authorize'),
  fate: mostly<PaymentPlan['fate']>('approved', 8, 'declined', 'denied', 'stale'),
  comes: mostly<PaymentPlan['comes']>('first', 6, 'late', 'late', 'never'),
  idAge,
  repeats: fc.array(repeat, { maxLength: 2 }),
  steps: fc.array(step, { maxLength: 9 }),
});

/** @param most payments in one scenario */
export const scenarios = (most: number): fc.Arbitrary<Scenario> =>
  fc.record({
    weather: fc.constantFrom(...(Object.keys(weathers) as Weather[])),
    disturbances: fc.array(
      fc.record({
        blow: mostly<Blow>('cut_link', 1, 'pause', 'kill', 'kill', 'stop', 'join', 'replace'),
        wave: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 2 },
    ),
    // Few payments would leave most of what a scenario costs to waiting; shrinking may still take them all but one.
    payments: fc.array(payment, { minLength: 1, maxLength: most, size: 'max' }),
  });

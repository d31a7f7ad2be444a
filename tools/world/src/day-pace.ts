import { minutesPerDay, shareOfMinuteOverall } from './day-curve.ts';

export interface DayPaceOptions {
  readonly payments: number;
  /** Average over the whole run: the day is compressed into `payments / ratePerSecond` seconds. */
  readonly ratePerSecond: number;
}

/** When each payment of a compressed day is due. */
export interface DayPace {
  /** Milliseconds from the start of the run to payment no. `index`, from 0; never falls. */
  dueMs(index: number): number;
  /** How many payments are due that long after the start: the inverse. Infinity when the day is over: all there are. */
  dueBy(elapsedMs: number): number;
}

/** N payments over a day's curve at an average rate: slow at night, at twice the average and more when everybody eats. */
export function dayPace({ payments, ratePerSecond }: DayPaceOptions): DayPace {
  const lengthMs = (payments * 1_000) / ratePerSecond;
  return {
    dueMs: (index) => dayTimeOfShare(index / payments) * lengthMs,
    dueBy: (elapsedMs) =>
      elapsedMs >= lengthMs ? Infinity : Math.floor(shareByDayTime(elapsedMs / lengthMs) * payments) + 1,
  };
}

/** The minute of the day in which payment no. `index` of so many is made. */
export const minuteOfPayment = (index: number, payments: number): number =>
  Math.min(minutesPerDay - 1, Math.floor(dayTimeOfShare((index + 0.5) / payments) * minutesPerDay));

let sums: Float64Array | undefined;

/** At `[minute]`, the part of the day's payments made before that minute. */
function cumulated(): Float64Array {
  if (sums !== undefined) return sums;
  const made = new Float64Array(minutesPerDay + 1);
  for (let minute = 0; minute < minutesPerDay; minute += 1) {
    made[minute + 1] = (made[minute] ?? 0) + shareOfMinuteOverall(minute);
  }
  sums = made;
  return made;
}

/** How far the day (0 to 1) has gone when this part of its payments is made. */
function dayTimeOfShare(share: number): number {
  const made = cumulated();
  let low = 0;
  let high = minutesPerDay;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((made[middle] ?? 1) <= share) low = middle;
    else high = middle;
  }
  const before = made[low] ?? 0;
  const within = (made[low + 1] ?? 1) - before;
  return Math.min(1, (low + (within === 0 ? 0 : (share - before) / within)) / minutesPerDay);
}

/** The part of the day's payments made when the day has gone this far (0 to 1). */
function shareByDayTime(dayTime: number): number {
  const made = cumulated();
  const minute = Math.floor(dayTime * minutesPerDay);
  const before = made[minute] ?? 0;
  return before + ((made[minute + 1] ?? 1) - before) * (dayTime * minutesPerDay - minute);
}

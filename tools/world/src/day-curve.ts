import { scenarios, type ScenarioName } from './scenarios.ts';

export const minutesPerDay = 1_440;

/** Payments around a time of day: the centre and the spread (standard deviation) in minutes, and how much of the day they are. */
interface Rush {
  readonly at: number;
  readonly spread: number;
  readonly part: number;
}

/** Payments spread evenly between two minutes of the day. */
interface Opening {
  readonly from: number;
  readonly until: number;
  readonly part: number;
}

interface DayShape {
  readonly rushes: readonly Rush[];
  readonly open: Opening;
}

const clock = (hours: number, minutes = 0): number => hours * 60 + minutes;
const rush = (at: number, spread: number, part: number): Rush => ({ at, spread, part });
const open = (from: number, until: number, part: number): Opening => ({ from, until, part });

/** When each scenario is paid at: meals, commutes, office hours. Local time, +08:00; parts of a scenario sum to 1. */
const shapes: Readonly<Record<ScenarioName, DayShape>> = {
  catering: {
    rushes: [rush(clock(7, 40), 40, 0.12), rush(clock(12, 10), 40, 0.38), rush(clock(18, 40), 60, 0.36)],
    open: open(clock(6, 30), clock(23), 0.14),
  },
  supermarket: {
    rushes: [rush(clock(11, 30), 80, 0.2), rush(clock(18, 40), 90, 0.4)],
    open: open(clock(7), clock(22, 30), 0.4),
  },
  wet_market: {
    rushes: [rush(clock(7, 30), 60, 0.6), rush(clock(17), 50, 0.25)],
    open: open(clock(5, 30), clock(19), 0.15),
  },
  vending: {
    rushes: [rush(clock(10, 30), 50, 0.2), rush(clock(15), 80, 0.3), rush(clock(20, 30), 80, 0.2)],
    open: open(0, minutesPerDay, 0.3),
  },
  campus: {
    rushes: [
      ...[rush(clock(7, 30), 25, 0.18), rush(clock(11, 50), 25, 0.34), rush(clock(17, 40), 30, 0.28)],
      rush(clock(21), 40, 0.12),
    ],
    open: open(clock(6, 30), clock(23), 0.08),
  },
  canteen: {
    rushes: [rush(clock(7, 40), 18, 0.2), rush(clock(11, 55), 18, 0.55), rush(clock(17, 50), 20, 0.22)],
    open: open(clock(7), clock(19), 0.03),
  },
  healthcare: {
    rushes: [rush(clock(9, 30), 55, 0.6), rush(clock(14, 45), 55, 0.35)],
    open: open(0, minutesPerDay, 0.05),
  },
  government: {
    rushes: [rush(clock(10), 45, 0.55), rush(clock(15), 45, 0.4)],
    open: open(clock(9), clock(17), 0.05),
  },
  utilities: {
    rushes: [rush(clock(10), 90, 0.3), rush(clock(20, 30), 70, 0.45)],
    open: open(clock(7), clock(23, 30), 0.25),
  },
  transit: {
    rushes: [rush(clock(8), 45, 0.36), rush(clock(18), 60, 0.36)],
    open: open(clock(5, 30), clock(23), 0.28),
  },
};

const curves = new Map<ScenarioName, Float64Array>();

/**
 * The part of a scenario's payments of a day that falls into one minute of it; the minutes of a day sum to 1.
 * @param minute 0 (midnight at +08:00) to 1439
 */
export function shareOfMinute(scenario: ScenarioName, minute: number): number {
  return curveOf(scenario)[minute] ?? 0;
}

/** The same for the payments of all scenarios together. */
export const shareOfMinuteOverall = (minute: number): number => overall()[minute] ?? 0;

function curveOf(name: ScenarioName): Float64Array {
  const known = curves.get(name);
  if (known !== undefined) return known;
  const curve = Float64Array.from({ length: minutesPerDay }, (_, minute) => densityAt(shapes[name], minute));
  const sum = curve.reduce((total, density) => total + density, 0);
  const normal = curve.map((density) => density / sum);
  curves.set(name, normal);
  return normal;
}

function densityAt({ rushes, open: { from, until, part } }: DayShape, minute: number): number {
  const steady = minute >= from && minute < until ? part / (until - from) : 0;
  return rushes.reduce((sum, { at, spread, part: rushPart }) => {
    // The day is a circle: a late rush goes on after midnight.
    const apart = Math.abs(minute - at);
    const distance = Math.min(apart, minutesPerDay - apart) / spread;
    return sum + (rushPart * Math.exp(-(distance ** 2) / 2)) / (spread * Math.sqrt(2 * Math.PI));
  }, steady);
}

let overallCurve: Float64Array | undefined;

function overall(): Float64Array {
  const total = scenarios.reduce((sum, { dailyPayments }) => sum + dailyPayments, 0);
  overallCurve ??= Float64Array.from({ length: minutesPerDay }, (_, minute) =>
    scenarios.reduce((sum, { name, dailyPayments }) => sum + (dailyPayments / total) * shareOfMinute(name, minute), 0),
  );
  return overallCurve;
}

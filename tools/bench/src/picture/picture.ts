/** A point of a line: where on the axis of time, and how many a second. */
export interface PicturePoint {
  readonly seconds: number;
  readonly perSecond: number;
}

export interface PictureLine {
  readonly label: string;
  readonly points: readonly PicturePoint[];
  /** `main` is what the picture is about, `stage` a step of it, `rival` what it is held against. */
  readonly role: 'main' | 'stage' | 'rival';
}

/** Throughput over the time of a run, for a terminal or a page. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly PictureLine[];
}

export interface Axis {
  readonly end: number;
  readonly ticks: readonly number[];
}

/** An axis from 0 that holds `most`, with about `count` ticks at round numbers. */
export function axisTo(most: number, count: number): Axis {
  const rough = Math.max(most, 1) / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  const steps = Math.max(1, Math.ceil(Math.max(most, 1) / step - 1e-9));
  return { end: steps * step, ticks: Array.from({ length: steps + 1 }, (_, i) => i * step) };
}

export interface TimeUnit {
  readonly name: 'minutes' | 'seconds';
  readonly seconds: number;
}

/** Runs of some minutes are read in minutes. */
export const timeUnitOf = (seconds: number): TimeUnit =>
  seconds >= 180 ? { name: 'minutes', seconds: 60 } : { name: 'seconds', seconds: 1 };

const points = ({ lines }: Picture): readonly PicturePoint[] => lines.flatMap((line) => line.points);
export const longestSeconds = (picture: Picture): number => Math.max(1, ...points(picture).map((p) => p.seconds));
export const highestRate = (picture: Picture): number => Math.max(1, ...points(picture).map((p) => p.perSecond));

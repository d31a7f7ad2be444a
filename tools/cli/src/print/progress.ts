import { SingleBar } from 'cli-progress';
import { grouped } from './table.ts';

/** A progress bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  readonly update: (done: number) => void;
  readonly stop: () => void;
}

const quietMs = 5_000;

export function startProgress(title: string, total: number): Progress {
  return process.stdout.isTTY ? barOf(title, total) : lineOf(title, total);
}

function barOf(title: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}% | {value}/{total} | {duration_formatted}, {eta_formatted} left`,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function lineOf(title: string, total: number): Progress {
  const startedMs = performance.now();
  let last = startedMs;
  let latest = 0;
  const elapsedMs = (): number => performance.now() - startedMs;
  const say = (): void =>
    console.log(
      `${title}: ${grouped(latest)} of ${grouped(total)}, ${(elapsedMs() / 1_000).toFixed(1)} s${leftOf(latest, total, elapsedMs())}`,
    );
  return {
    update: (done) => {
      latest = done;
      if (performance.now() - last < quietMs) return;
      last = performance.now();
      say();
    },
    stop: say,
  };
}

/** How long the rest takes at the speed so far. */
const leftOf = (done: number, total: number, elapsedMs: number): string =>
  done === 0 || done >= total ? '' : `, ${Math.round(((elapsedMs / done) * (total - done)) / 1_000)} s left`;

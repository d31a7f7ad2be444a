import { grouped } from '@fourway/cli';
import type { StreamFigures } from '../stream-figures.ts';
import type { Picture, PicturePoint } from './picture.ts';

/** Product and rival over the time of a run; the product's stages as lines of their own. */
export function streamPicture({ throughput, rival }: Pick<StreamFigures, 'throughput' | 'rival'>): Picture {
  const { figures, directory } = throughput;
  const theirs = rival === null ? '' : `; yardstick ${grouped(rival.throughput.figures.paymentsPerSecond)}/s`;
  return {
    title: `Throughput of ${grouped(figures.payments)} payments at ${grouped(directory.merchants)} merchants`,
    subtitle: `${grouped(figures.perSecond)} payments/s from the first request to the last ledger row${theirs}, both on the same engines in one run`,
    lines: [
      { label: 'risk-scoring', role: 'stage', points: untilThrough(figures.curve.scored) },
      { label: 'acquirer-routing', role: 'stage', points: untilThrough(figures.curve.decided) },
      { label: 'ledger (Fourway)', role: 'main', points: untilThrough(figures.curve.posted) },
      ...(rival === null
        ? []
        : [{ label: 'yardstick', role: 'rival' as const, points: untilThrough(rival.throughput.curve) }]),
    ],
  };
}

/** A stage that is through no longer has a rate. */
function untilThrough(points: readonly PicturePoint[]): readonly PicturePoint[] {
  return points.slice(0, points.findLastIndex(({ perSecond }) => perSecond > 0) + 1);
}

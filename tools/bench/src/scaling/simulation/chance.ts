import type { RandomSequence } from '@fourway/world';

/** How many events of a Poisson process fall into a stretch in which `mean` are expected. */
export function poisson(random: RandomSequence, mean: number): number {
  // Beyond that the normal distribution is as good, and the product below would come out as 0.
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let product = random.fraction();
  let count = 0;
  while (product > limit) {
    product *= random.fraction();
    count += 1;
  }
  return count;
}

/** A duration around `ms`, as round trips and disks take: mostly a little less, now and then much more. */
export const varied = (random: RandomSequence, ms: number): number => (ms === 0 ? 0 : random.logNormal(ms, 0.3));

function normal(random: RandomSequence): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
  return radius * Math.cos(2 * Math.PI * random.fraction());
}

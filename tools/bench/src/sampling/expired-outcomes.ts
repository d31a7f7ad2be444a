import type { StackDescription } from '@fourway/stack';

/** Expired outcomes that acquirer-routing's replicas have published since they started. */
export async function expiredOutcomes({ services }: StackDescription): Promise<number> {
  const replicas = services['acquirer-routing']?.replicas ?? [];
  const counts = await Promise.all(replicas.map(({ metricsUrl }) => readExpired(metricsUrl)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readExpired(metricsUrl: string): Promise<number> {
  const response = await fetch(metricsUrl, { signal: AbortSignal.timeout(10_000) });
  return expiredIn(await response.text());
}

/** Sum of the expired ones in a page of metrics. */
export const expiredIn = (metrics: string): number =>
  [...metrics.matchAll(/^switch_authorizations_total\{[^}]*status="expired"[^}]*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );

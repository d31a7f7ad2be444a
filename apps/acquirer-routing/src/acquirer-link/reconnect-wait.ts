/** Doubles from `firstMs` to `longestMs` with each failure; half of it is jitter, so that replicas do not come in step. */
export function reconnectWaitMs(
  failures: number,
  bounds: { firstMs: number; longestMs: number },
  random: () => number,
): number {
  const fullMs = Math.min(bounds.firstMs * 2 ** Math.min(failures, 20), bounds.longestMs);
  return fullMs * (0.5 + random() / 2);
}

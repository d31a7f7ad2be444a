import type { CardLimits } from '@fourway/risk';
import type { Decision } from './decisions.ts';

type Approval = Pick<Decision, 'operationId' | 'cardToken' | 'amountMinor' | 'requestedAtMs'>;

const hourMs = 3_600_000;

/**
 * Approvals with which their card passed a limit. Every request counts towards a limit, whatever became of it, so what was approved within
 * any hour must fit by itself: counted anew from the topics, without a window of the product.
 */
export function beyondLimits<T extends Approval>(approvals: readonly T[], limits: CardLimits): T[] {
  return [...Map.groupBy(approvals, ({ cardToken }) => cardToken).values()].flatMap((ofCard) => {
    const inOrder = ofCard.toSorted((a, b) => a.requestedAtMs - b.requestedAtMs);
    let oldest = 0;
    let sumMinor = 0n;
    return inOrder.filter(({ requestedAtMs, amountMinor }, newest) => {
      sumMinor += amountMinor;
      for (; (inOrder[oldest]?.requestedAtMs ?? Infinity) <= requestedAtMs - hourMs; oldest += 1)
        sumMinor -= inOrder[oldest]?.amountMinor ?? 0n;
      return newest - oldest + 1 > limits.hourlyCount || sumMinor > limits.hourlySumMinor;
    });
  });
}

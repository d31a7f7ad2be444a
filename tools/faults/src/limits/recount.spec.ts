import { describe, expect, it } from '@jest/globals';
import { beyondLimits } from './recount.ts';

const limits = { hourlyCount: 2, hourlySumMinor: 100n };
const minute = 60_000;
const approvalsAt = (...minutes: number[]) =>
  minutes.map((at, index) => ({
    ...{ operationId: `p${index}`, cardToken: 'one', amountMinor: 10n, requestedAtMs: at * minute },
  }));
const beyond = (approvals: ReturnType<typeof approvalsAt>): string[] =>
  beyondLimits(approvals, limits).map(({ operationId }) => operationId);

describe('recounting limits', () => {
  it('finds the approval that passes the count, whatever order the topic has', () => {
    expect(beyond(approvalsAt(0, 1, 2))).toEqual(['p2']);
    expect(beyond(approvalsAt(2, 1, 0))).toEqual(['p0']);
  });

  it('lets what is an hour old go', () => {
    expect(beyond(approvalsAt(0, 1, 60))).toEqual([]);
    expect(beyond(approvalsAt(0, 1, 59))).toEqual(['p2']);
  });

  it('finds the approval that passes the sum', () => {
    const approvals = approvalsAt(0, 1).map((approval, index) => ({
      ...approval,
      amountMinor: index === 0 ? 10n : 91n,
    }));
    expect(beyond(approvals)).toEqual(['p1']);
  });

  it('keeps cards apart', () => {
    const other = approvalsAt(0, 1).map((approval) => ({ ...approval, cardToken: 'two' }));
    expect(beyond([...approvalsAt(0, 1), ...other])).toEqual([]);
  });
});

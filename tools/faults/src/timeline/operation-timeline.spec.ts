import { describe, expect, it } from '@jest/globals';
import { OperationTimeline } from './operation-timeline.ts';
import { acquirerHost, acquirerRouting, riskScoring, wholeSwitch } from './station.ts';

const at = 1_000_000;
const approvedBy = (acquirerId: string, atMs: number, offset = 0n) =>
  ({ atMs, status: 'approved', acquirerId, partition: 0, offset }) as const;

function timelineOf(
  ...flights: [requested: number, scored: number | null, decided: number | null][]
): OperationTimeline {
  const timeline = new OperationTimeline();
  flights.forEach(([requested, scored, decided], index) => {
    timeline.requested(String(index), at + requested);
    if (scored !== null) timeline.scored(String(index), at + scored);
    if (decided !== null) timeline.decided(String(index), approvedBy('A', at + decided, BigInt(index)));
  });
  return timeline;
}

describe('what a process held when it was killed', () => {
  it('counts what had reached it and had not left it', () => {
    const timeline = timelineOf([-90, -80, -5], [-60, -50, 4], [-50, 3, 40], [-40, null, null], [20, 25, 60]);
    expect(timeline.heldBy(riskScoring, at)).toBe(2);
    expect(timeline.heldBy(acquirerRouting, at)).toBe(1);
    expect(timeline.heldBy(wholeSwitch, at)).toBe(3);
  });

  it('does not count a record that was appended in the very moment', () => {
    expect(timelineOf([-1, 30, 60]).heldBy(riskScoring, at)).toBe(0);
  });

  it('does not count for routing what Postgres had parked long before', () => {
    expect(timelineOf([-9_000, -8_990, 500]).heldBy(acquirerRouting, at)).toBe(0);
  });

  it('counts the first record of an operation, not its duplicates', () => {
    const timeline = timelineOf([-20, -10, -5]);
    timeline.requested('0', at - 1);
    timeline.scored('0', at + 50);
    timeline.decided('0', approvedBy('A', at + 60, 7n));
    expect(timeline.heldBy(wholeSwitch, at)).toBe(0);
    expect(timeline.count).toBe(1);
  });

  it('tells the acquirers apart', () => {
    const timeline = timelineOf([-60, -50, 10]);
    expect(timeline.heldBy(acquirerHost('A'), at)).toBe(1);
    expect(timeline.heldBy(acquirerHost('B'), at)).toBe(0);
  });
});

describe('a long run', () => {
  it('keeps what is undecided, however old, and forgets only for questions about now what was decided long ago', () => {
    const timeline = timelineOf([-400_000, -399_000, -398_000], [-390_000, -389_000, null], [-60, -50, null]);
    timeline.requested('new', at + 11_000);
    expect(timeline.heldBy(wholeSwitch, at)).toBe(2);
    expect(timeline.unpostedAt(at, new Map())).toBe(0);
    expect(timeline.count).toBe(4);
    expect(timeline.longestUndecidedMs()).toBe(2_000);
  });
});

describe('when progress resumed', () => {
  it('ignores what was requested before the kill and only finished after it', () => {
    const timeline = timelineOf([-60, -50, 10], [100, 3_000, 3_050], [200, 3_020, 3_040]);
    expect(timeline.resumedMs(wholeSwitch, at)).toBe(at + 3_040);
    expect(timeline.resumedMs(riskScoring, at)).toBe(at + 3_000);
  });

  it('is unknown while nothing new gets through', () => {
    expect(timelineOf([-60, -50, 10], [100, null, null]).resumedMs(wholeSwitch, at)).toBeUndefined();
  });

  it('wants an approval of the acquirer that was killed', () => {
    const timeline = timelineOf([100, 110, 200]);
    expect(timeline.resumedMs(acquirerHost('A'), at)).toBe(at + 200);
    expect(timeline.resumedMs(acquirerHost('B'), at)).toBeUndefined();
  });
});

describe('the ledger behind the outcomes', () => {
  it('has not posted what lies at or beyond its offsets', () => {
    const timeline = timelineOf([-60, -50, -40], [-60, -50, -30], [-60, -50, 10]);
    expect(timeline.unpostedAt(at, new Map([[0, 1n]]))).toBe(1);
    expect(timeline.unpostedAt(at, new Map())).toBe(2);
    expect(timeline.hasPostedSince(at, new Map([[0, 2n]]))).toBe(false);
    expect(timeline.hasPostedSince(at, new Map([[0, 3n]]))).toBe(true);
  });

  it('knows how far the outcomes were read, duplicates included', () => {
    const timeline = timelineOf([-60, -50, -40]);
    timeline.decided('0', approvedBy('A', at, 9n));
    expect(timeline.outcomeOffsets).toEqual(new Map([[0, 10n]]));
  });
});

describe('how long operations stayed undecided', () => {
  it('tells the longest', () => {
    const timeline = timelineOf([0, 10, 50], [0, 10, 9_000], [0, null, null]);
    expect(timeline.longestUndecidedMs()).toBe(9_000);
  });

  it('tells a process at work from one that has only work in front of it', () => {
    const timeline = new OperationTimeline();
    timeline.requested('a', at);
    timeline.scored('a', at + 500);
    expect(timeline.wasAtWork(riskScoring, at, at + 1_000)).toBe(true);
    expect(timeline.wasAtWork(riskScoring, at + 501, at + 1_501)).toBe(false);
  });

  it('forgets the run before, and what a reader still brings of it', () => {
    const timeline = timelineOf([0, 10, 9_000]);
    timeline.startAt(at + 10_000);
    timeline.requested('late', at + 20);
    timeline.decided('late', approvedBy('A', at + 9_990));
    expect([timeline.longestUndecidedMs(), timeline.count]).toEqual([0, 0]);
  });
});

import { describe, it, expect } from '@jest/globals';
import { PartitionLane } from './partition-lane.ts';
import { RecordBudget } from './record-budget.ts';
import { Watchdog } from './watchdog.ts';

const options = { sessionTimeoutMs: 10_000, stallTimeoutMs: 30_000 };

const lane = ({ committable = 0n, logEnd = 0n } = {}): PartitionLane => {
  const created = new PartitionLane({ topic: 't', partition: 0 }, new RecordBudget(10));
  created.startAt(committable, -1n);
  created.highWatermark = logEnd;
  return created;
};

/** Checks every second, as the consumer does; returns when and what it found. */
const watch = (watched: PartitionLane, untilMs: number, each: (nowMs: number) => { lastActivityMs: number }) => {
  const watchdog = new Watchdog(options);
  for (let nowMs = 1_000; nowMs <= untilMs; nowMs += 1_000) {
    const reason = watchdog.check({ nowMs, ...each(nowMs), lanes: [watched] });
    if (reason !== undefined) return { nowMs, reason };
  }
  return undefined;
};

const fetching = (nowMs: number): { lastActivityMs: number } => ({ lastActivityMs: nowMs });

describe('Watchdog', () => {
  it('lets a proven idle consumer live for ever', () => {
    expect(watch(lane({ committable: 5n, logEnd: 5n }), 600_000, fetching)).toBeUndefined();
  });

  it('ends a consumer whose client stopped fetching and heartbeating', () => {
    const found = watch(lane(), 60_000, () => ({ lastActivityMs: 1_000 }));
    expect(found?.nowMs).toBe(22_000);
    expect(found?.reason).toMatch(/no fetch and no heartbeat/);
  });

  it('ends a consumer that fetches but never finishes an open record', () => {
    const stuck = lane({ logEnd: 1n });
    stuck.tracker.admit(0n);
    expect(watch(stuck, 60_000, fetching)?.reason).toMatch(/t\/0 at offset 0, reading, 1 records open/);
  });

  it('ends a consumer that is behind and is handed nothing', () => {
    expect(watch(lane({ committable: 3n, logEnd: 9n }), 60_000, fetching)?.reason).toMatch(/6 behind/);
  });

  it('does not end a slow consumer that makes progress', () => {
    const slow = lane({ logEnd: 100n });
    const progress = (nowMs: number): { lastActivityMs: number } => {
      if (nowMs % 20_000 === 0) slow.tracker.done(slow.tracker.admit(slow.tracker.nextOffset));
      return fetching(nowMs);
    };
    expect(watch(slow, 300_000, progress)).toBeUndefined();
  });

  it('does not blame a refused partition, which only an operator can heal', () => {
    const refused = lane({ logEnd: 9n });
    refused.refuse();
    expect(watch(refused, 120_000, fetching)).toBeUndefined();
  });

  it('gives a process that was suspended time to reach its broker again', () => {
    const watchdog = new Watchdog(options);
    watchdog.check({ nowMs: 1_000, lastActivityMs: 1_000, lanes: [] });
    expect(watchdog.check({ nowMs: 91_000, lastActivityMs: 1_000, lanes: [] })).toBeUndefined();
    watchdog.check({ nowMs: 92_000, lastActivityMs: 1_000, lanes: [] });
    expect(watchdog.check({ nowMs: 93_000, lastActivityMs: 1_000, lanes: [] })).toBeUndefined();
  });
});

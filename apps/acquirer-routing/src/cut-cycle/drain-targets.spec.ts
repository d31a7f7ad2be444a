import { describe, expect, it } from '@jest/globals';
import type { PartitionProgress } from '@fourway/platform-stream';
import type { OpenCut } from './cut.repository.ts';
import { DrainTargets } from './drain-targets.ts';

const cut = (businessDate: string, ...marked: number[]): OpenCut => ({
  businessDate,
  marked: new Set(marked),
  ageSeconds: 0,
});
const at = (doneTo: bigint, consumedTo: bigint, changes: Partial<PartitionProgress> = {}): PartitionProgress => ({
  ...{ topic: 'scored', partition: 0, generation: 1, logEndAtStart: 0n, doneTo, consumedTo },
  ...changes,
});
const monday = '2026-03-02';
const tuesday = '2026-03-03';

describe('DrainTargets', () => {
  it('waits for what was consumed when the cut was seen, and not for what came after', () => {
    const targets = new DrainTargets();
    expect(targets.drained([cut(monday)], [at(5n, 9n)])).toEqual([]);
    expect(targets.drained([cut(monday)], [at(8n, 50n)])).toEqual([]);
    expect(targets.drained([cut(monday)], [at(9n, 90n)])).toEqual([{ businessDate: monday, partition: 0 }]);
  });

  it('marks an idle partition at once', () => {
    expect(new DrainTargets().drained([cut(monday)], [at(7n, 7n)])).toHaveLength(1);
  });

  it('lets a new owner go to where the log ended when it took over: its predecessor may have decided all of that', () => {
    const targets = new DrainTargets();
    const taken = { generation: 2, logEndAtStart: 20n };
    targets.drained([cut(monday)], [at(9n, 9n)]);
    expect(targets.drained([cut(monday)], [at(9n, 9n, taken)])).toEqual([]);
    expect(targets.drained([cut(monday)], [at(19n, 30n, taken)])).toEqual([]);
    expect(targets.drained([cut(monday)], [at(20n, 30n, taken)])).toHaveLength(1);
  });

  it('keeps the dates of a partition in order, and partitions apart', () => {
    const targets = new DrainTargets();
    const second = { partition: 1 };
    expect(targets.drained([cut(monday)], [at(5n, 9n)])).toEqual([]);
    expect(targets.drained([cut(monday), cut(tuesday, 1)], [at(8n, 8n), at(3n, 3n, second)])).toEqual([
      { businessDate: monday, partition: 1 },
    ]);
    expect(targets.drained([cut(monday, 1), cut(tuesday, 1)], [at(9n, 9n), at(3n, 3n, second)])).toEqual([
      { businessDate: monday, partition: 0 },
      { businessDate: tuesday, partition: 0 },
    ]);
  });
});

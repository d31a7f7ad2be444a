import { describe, expect, it } from '@jest/globals';
import { parseProcStat, treeTicks } from './proc-stat.ts';

const line = (pid: number, comm: string, { parent = 1, own = [0, 0], ended = [0, 0] }): string =>
  `${pid} (${comm}) S ${parent} ${pid} ${pid} 0 -1 4194560 44326 5217857 0 2727 ${own.join(' ')} ${ended.join(' ')} 10 -10 13 0 26 52494336 5061 1844 1 1 0`;

describe('/proc/PID/stat', () => {
  it('is read behind a name with blanks and brackets', () => {
    expect(parseProcStat(line(42, 'a) b (c', { parent: 7, own: [10, 5], ended: [3, 1] }))).toEqual({
      ...{ pid: 42, comm: 'a) b (c', parent: 7, ownTicks: 15, endedChildrenTicks: 4 },
    });
  });
});

describe('CPU of a process with its children', () => {
  const processes = [
    parseProcStat(line(10, 'postgres', { own: [1, 1], ended: [100, 0] })),
    parseProcStat(line(11, 'postgres', { parent: 10, own: [20, 2] })),
    parseProcStat(line(12, 'postgres', { parent: 11, own: [5, 0] })),
    parseProcStat(line(20, 'postgres', { own: [999, 0] })),
  ];

  it('counts children that live and that ended, and nobody else', () => {
    expect(treeTicks(processes, 10)).toBe(2 + 100 + 22 + 5);
  });

  it('is nothing for a process that is not there', () => {
    expect(treeTicks(processes, 99)).toBe(0);
  });
});

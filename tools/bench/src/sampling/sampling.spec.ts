import { describe, expect, it } from '@jest/globals';
import { memoryOfGroup, parseProcMemory } from '../processes/proc-memory.ts';
import { expiredIn } from './expired-outcomes.ts';

describe('expired outcomes', () => {
  it('are those of every acquirer, and no other status', () => {
    const page = [
      '# TYPE switch_authorizations_total counter',
      'switch_authorizations_total{status="approved",acquirer="48020000",service="acquirer-routing"} 900',
      'switch_authorizations_total{status="expired",acquirer="",service="acquirer-routing"} 3',
      'switch_authorizations_total{status="expired",acquirer="48020000",service="acquirer-routing"} 4',
    ].join('\n');
    expect(expiredIn(page)).toBe(7);
    expect(expiredIn('')).toBe(0);
  });
});

describe('memory of processes', () => {
  const status =
    'Name:\tpostgres\nVmRSS:\t   400 kB\nRssAnon:\t      100 kB\nRssFile:\t       50 kB\nRssShmem:\t      250 kB\n';

  it('is read in bytes', () => {
    expect(parseProcMemory(status)).toEqual({ own: 102_400, mapped: 307_200 });
    expect(parseProcMemory('')).toEqual({ own: 0, mapped: 0 });
  });

  it('that they share counts once', () => {
    expect(memoryOfGroup([parseProcMemory(status), parseProcMemory(status)])).toBe(2 * 102_400 + 307_200);
    expect(memoryOfGroup([])).toBe(0);
  });
});

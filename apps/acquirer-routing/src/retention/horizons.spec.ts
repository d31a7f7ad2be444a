import { describe, expect, it } from '@jest/globals';
import { topics } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import { keptDays, oldestClaimableId } from './horizons.ts';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

describe('keptDays', () => {
  it('keeps a day for as long as a record may still be read again whose operation was claimed at the last moment', () => {
    expect(keptDays({ claimHorizonDays: 35, outcomeHorizonDays: 400 }, topics.scored.retentionMs)).toEqual({
      claims: 35 + 7 + 1,
      outcomes: 400 + 7 + 1,
    });
  });

  it.each([
    ['claims that go before their records do', [7, 400, weekMs], /FOURWAY_CLAIM_HORIZON_DAYS is 7.*at least 8/],
    ['outcomes that go before the records do', [8, 7, weekMs], /FOURWAY_OUTCOME_HORIZON_DAYS is 7.*at least 8/],
    ['a retention of a day and a bit', [2, 400, dayMs + 1], /at least 3/],
    ['outcomes that go before their claims', [35, 34, weekMs], /FOURWAY_OUTCOME_HORIZON_DAYS is 34.*at least.*35/],
    ['a topic without retention', [35, 400, null], /keeps records for ever/],
  ] as const)('refuses %s', (_, [claimHorizonDays, outcomeHorizonDays, retentionMs], message) => {
    expect(() => keptDays({ claimHorizonDays, outcomeHorizonDays }, retentionMs)).toThrow(message);
  });

  it('accepts the shortest horizons there may be', () => {
    expect(keptDays({ claimHorizonDays: 8, outcomeHorizonDays: 8 }, weekMs)).toEqual({ claims: 16, outcomes: 16 });
  });
});

describe('oldestClaimableId', () => {
  const nowMs = Date.UTC(2026, 10, 23, 12);
  const idOf = (ageMs: number): string => uuidV7(nowMs - ageMs, new Uint8Array(10));

  it('lies between the last millisecond of the horizon and the one before it', () => {
    const oldest = oldestClaimableId(nowMs, 35);
    expect(idOf(35 * dayMs) >= oldest).toBe(true);
    expect(idOf(35 * dayMs + 1) < oldest).toBe(true);
  });
});

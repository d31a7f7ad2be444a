import { describe, expect, it } from '@jest/globals';
import { idRangeOf, withinIdRange } from './id-range.ts';

describe('idRangeOf', () => {
  it('spans all ids, in the order in which Postgres sorts them', () => {
    const ids = [
      '019a0000-0000-7000-8000-000000000000',
      '0199ffff-ffff-7fff-bfff-ffffffffffff',
      '019b0000-0000-7000-8000-000000000000',
    ];
    expect(idRangeOf(ids)).toEqual([ids[1], ids[2]]);
  });

  it('of one id is that id', () => {
    expect(idRangeOf(['019a0000-0000-7000-8000-000000000000'])).toEqual([
      '019a0000-0000-7000-8000-000000000000',
      '019a0000-0000-7000-8000-000000000000',
    ]);
  });
});

describe('withinIdRange', () => {
  it('names two parameters', () => {
    expect(withinIdRange('root_id', 5)).toBe('root_id between $5::uuid and $6::uuid');
  });
});

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NumberSet } from './number-set.ts';

it('is a set, through growth and collisions', () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.nat().map((n) => n * 2 ** 20),
    fc.constantFrom(0, 2 ** 48 - 1, 2 ** 53 - 2),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), fc.integer({ min: 0, max: 5_000 }), (values, crowd) => {
      const set = new NumberSet();
      const model = new Set<number>();
      for (const each of [...values, ...Array.from({ length: crowd }, (_, i) => i * 65_536)]) {
        expect(set.has(each)).toBe(model.has(each));
        set.add(each);
        model.add(each);
      }
      for (const each of model) expect(set.has(each)).toBe(true);
      expect(set.size).toBe(model.size);
      expect(set.has(3 * 2 ** 50 + 1)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

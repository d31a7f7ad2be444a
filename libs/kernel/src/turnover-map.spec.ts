import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TurnoverMap } from './turnover-map.ts';

// More than the map has room for at first.
const keys = fc.integer({ min: 0, max: 39 }).map(String);
const steps = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('set' as const), key: keys, value: fc.option(fc.nat(), { nil: undefined }) }),
    fc.record({ does: fc.constant('delete' as const), key: keys }),
  ),
  { maxLength: 200 },
);

describe('TurnoverMap', () => {
  it('holds what a Map would hold, in the same order, whatever comes and goes', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const model = new Map<string, number | undefined>();
        const map = new TurnoverMap<number | undefined>();
        for (const step of taken) {
          if (step.does === 'set') {
            model.set(step.key, step.value);
            map.set(step.key, step.value);
          } else expect(map.delete(step.key)).toBe(model.delete(step.key));
          expect(map.get(step.key)).toBe(model.get(step.key));
          expect(map.has(step.key)).toBe(model.has(step.key));
          expect([...map.entries()]).toEqual([...model.entries()]);
          expect([...map.values()]).toEqual([...model.values()]);
          expect(map.size).toBe(model.size);
        }
      }),
    );
  });

  it('may lose an entry while its entries are walked', () => {
    const map = new TurnoverMap<string>();
    for (let i = 0; i < 6; i++) map.set(String(i), `value ${i}`);
    const seen: string[] = [];
    for (const [key] of map.entries()) {
      seen.push(key);
      map.delete(key);
      map.delete('3');
      map.delete('4');
    }
    expect(seen).toEqual(['0', '1', '2', '5']);
    expect(map.size).toBe(0);
  });
});

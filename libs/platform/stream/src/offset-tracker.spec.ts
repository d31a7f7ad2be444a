import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { OffsetTracker } from './offset-tracker.ts';

describe('OffsetTracker', () => {
  it('holds the committable offset at the first open record whatever is done behind it', () => {
    const tracker = new OffsetTracker(10n);
    const sequences = [10n, 11n, 12n].map((offset) => tracker.admit(offset));
    for (const sequence of sequences.slice(1)) tracker.done(sequence);
    expect(tracker.committable).toBe(10n);
    tracker.done(sequences[0] ?? -1);
    expect(tracker.committable).toBe(13n);
  });

  it('counts a record reported done twice once', () => {
    const tracker = new OffsetTracker(0n);
    const [first] = [tracker.admit(0n), tracker.admit(1n)];
    expect(tracker.done(first)).toBe(true);
    expect(tracker.done(first)).toBe(false);
    expect(tracker.openCount).toBe(1);
  });

  it('passes over offsets that hold no record', () => {
    const tracker = new OffsetTracker(5n);
    const sequence = tracker.admit(7n);
    tracker.skipTo(12n);
    expect(tracker.committable).toBe(7n);
    tracker.done(sequence);
    expect(tracker.committable).toBe(12n);
  });

  it('agrees with a plain model for any order of admissions and completions', () => {
    const step = fc.oneof(fc.record({ admitGap: fc.integer({ min: 0, max: 3 }) }), fc.record({ done: fc.nat(5_000) }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4_000, size: 'max' }), (steps) => {
        const tracker = new OffsetTracker(0n);
        const model: { offset: bigint; isDone: boolean; sequence: number }[] = [];
        let next = 0n;
        for (const step of steps) {
          if ('admitGap' in step) {
            const offset = next + BigInt(step.admitGap);
            model.push({ offset, isDone: false, sequence: tracker.admit(offset) });
            next = offset + 1n;
          } else if (model.length > 0) {
            const chosen = model[step.done % model.length];
            if (chosen === undefined) continue;
            tracker.done(chosen.sequence);
            chosen.isDone = true;
          }
        }
        const firstOpen = model.find(({ isDone }) => !isDone);
        expect(tracker.committable).toBe(firstOpen?.offset ?? next);
        expect(tracker.openCount).toBe(model.filter(({ isDone }) => !isDone).length);
      }),
      { numRuns: 50 },
    );
  });
});

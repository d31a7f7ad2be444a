import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.ts';

it('gives every quantile within two per cent of the sorted list', () => {
  const latencies = fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.5, 0.9, 0.99, 0.999), (values, fraction) => {
      const histogram = new LatencyHistogram();
      values.forEach((value) => histogram.add(value));
      const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * fraction) - 1] ?? 0;
      expect(Math.abs(histogram.quantile(fraction) - exact)).toBeLessThanOrEqual(exact * 0.02 + 0.01);
    }),
  );
});

it('has no quantile when it is empty', () => expect(new LatencyHistogram().quantile(0.5)).toBe(0));

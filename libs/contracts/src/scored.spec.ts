import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeOperationRequested, type OperationRequest } from './operation.ts';
import { decodeOperationScored, encodeOperationScored, encodeScoredAround, type ScoredOperation } from './scored.ts';

const operation: OperationRequest = {
  eventId: '550e8400-e29b-41d4-a716-446655440000',
  operationId: '0198a0c2-7f00-7abc-8def-0123456789ab',
  rootId: '0198a0c2-7f00-7abc-8def-0123456789ab',
  kind: 'sale',
  merchantId: '102290058120001',
  terminalId: 'T0000001',
  merchantOrderNo: 'order-1',
  amountMinor: 12_888n,
  currency: 'CNY',
  cardToken: '6200000000000005',
  presentment: 'consumer',
  requestedAtMs: 1_780_000_000_000,
  expiresAtMs: 0,
  upstreamId: 'upstream-1',
};

const scorings: fc.Arbitrary<Omit<ScoredOperation, 'operation'>> = fc.record({
  verdict: fc.constantFrom('accept', 'decline'),
  score: fc.integer({ min: 0, max: 100 }),
  reasons: fc.array(fc.string()),
  degraded: fc.boolean(),
  sourcePartition: fc.nat(1_000),
  sourceOffset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  scoredAtMs: fc.maxSafeNat(),
});

describe('encodeScoredAround', () => {
  it('reads back as what encodeOperationScored writes', () => {
    fc.assert(
      fc.property(scorings, (scoring) => {
        const around = decodeOperationScored(encodeScoredAround(encodeOperationRequested(operation), scoring));
        expect(around).toEqual(decodeOperationScored(encodeOperationScored({ ...scoring, operation })));
      }),
    );
  });

  it('hands on the bytes of the request as they came, with fields of a later version', () => {
    const later = Buffer.concat([encodeOperationRequested(operation), Buffer.from([0xfa, 0x01, 2, 7, 7])]);
    const [scoring] = fc.sample(scorings, 1);
    if (scoring === undefined) throw new Error('no sample');
    const record = encodeScoredAround(later, scoring);
    expect(record.includes(later)).toBe(true);
    expect(decodeOperationScored(record).operation).toEqual(operation);
  });
});

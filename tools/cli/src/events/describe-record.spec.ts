import { describe, expect, it } from '@jest/globals';
import { encodeOperationScored } from '@fourway/contracts';
import type { StreamRecord } from '@fourway/platform-stream';
import { describeRecord } from './describe-record.ts';

const id = '019aa9c4-8400-7000-8000-000000000001';
const value = encodeOperationScored({
  operation: {
    ...{
      eventId: id,
      operationId: id,
      rootId: id,
      kind: 'sale',
      merchantId: '811000000000000',
      terminalId: 'T0000001',
    },
    ...{
      merchantOrderNo: '1',
      amountMinor: 12_888n,
      currency: 'CNY',
      cardToken: '6299000112345678',
      presentment: 'merchant',
    },
    ...{ requestedAtMs: 1, expiresAtMs: 0, upstreamId: 'u' },
  },
  ...{ verdict: 'accept', score: 1, reasons: [], degraded: false, sourcePartition: 0, sourceOffset: 9n, scoredAtMs: 2 },
});
const record = (fields: Partial<StreamRecord>): StreamRecord => ({
  ...{
    topic: 'payments.scored.v1',
    partition: 1,
    offset: 7n,
    key: Buffer.from(id),
    value,
    headers: {},
    timestampMs: 0,
  },
  ...fields,
});

describe('a record for people', () => {
  it('shows no more of a card token than its last four digits, however deep it lies', () => {
    const text = describeRecord(record({}));
    expect(text).toContain('************5678');
    expect(text).not.toContain('62990001');
  });

  it('is one line of JSON with exact amounts', () => {
    expect(JSON.parse(describeRecord(record({})))).toMatchObject({ value: { operation: { amountMinor: 12_888 } } });
  });

  it('shows the size and the fault of bytes that cannot be decoded', () => {
    expect(JSON.parse(describeRecord(record({ value: Buffer.from([0xff]) })))).toMatchObject({ value: { bytes: 1 } });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeClosedCycle, encodeClosedCycle } from './cycle.ts';
import {
  decodeDirectoryChange,
  directoryKey,
  encodeDirectoryChange,
  type DirectoryChange,
  type DirectoryEntity,
} from './directory.ts';
import {
  decodeOperationRequested,
  encodeOperationRequested,
  fingerprintOf,
  operationKinds,
  type OperationRequest,
} from './operation.ts';
import {
  cardTypes,
  decodeOutcome,
  decodeOutcomeRecord,
  encodeCutMark,
  encodeOutcome,
  operationIdOfOutcome,
  outcomeStatuses,
  type Outcome,
} from './outcome.ts';
import { decodeRefusal, encodeRefusal } from './refusal.ts';
import { decodeOperationScored, encodeOperationScored } from './scored.ts';
import { allTopics, topicNamed } from './topics.ts';

const text = fc.string({ maxLength: 40, unit: 'binary' });
const ms = fc.integer({ min: 0, max: 2 ** 48 });
const minor = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const request: fc.Arbitrary<OperationRequest> = fc.record({
  eventId: text,
  operationId: text,
  rootId: text,
  kind: fc.constantFrom(null, ...operationKinds),
  merchantId: text,
  terminalId: text,
  merchantOrderNo: text,
  amountMinor: minor,
  currency: text,
  cardToken: text,
  presentment: fc.constantFrom(null, 'merchant' as const, 'consumer' as const),
  requestedAtMs: ms,
  expiresAtMs: ms,
  upstreamId: text,
});

const outcome: fc.Arbitrary<Outcome> = fc.record({
  ...{
    operationId: text,
    rootId: text,
    merchantId: text,
    terminalId: text,
    merchantOrderNo: text,
    responseCode: text,
    currency: text,
  },
  ...{ acquirerId: text, issuerId: text, rrn: text, authCode: text, scenario: text, businessDate: text },
  sequence: uint32,
  kind: fc.constantFrom(...operationKinds),
  status: fc.constantFrom(...outcomeStatuses),
  amountMinor: minor,
  cardType: fc.constantFrom(...cardTypes),
  feeContractId: uint32,
  requestedAtMs: ms,
  decidedAtMs: ms,
});

describe('records on the wire', () => {
  it('lose nothing of a request, money beyond 2^53 included', () => {
    fc.assert(fc.property(request, (r) => expect(decodeOperationRequested(encodeOperationRequested(r))).toEqual(r)));
  });

  it('lose nothing of a scored request', () => {
    const scored = fc.record({
      operation: request,
      verdict: fc.constantFrom('accept' as const, 'decline' as const),
      score: fc.integer({ min: 0, max: 100 }),
      reasons: fc.array(text),
      degraded: fc.boolean(),
      sourcePartition: fc.integer({ min: 0, max: 1000 }),
      sourceOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      scoredAtMs: ms,
    });
    fc.assert(fc.property(scored, (s) => expect(decodeOperationScored(encodeOperationScored(s))).toEqual(s)));
  });

  it('lose nothing of an outcome', () => {
    fc.assert(fc.property(outcome, (o) => expect(decodeOutcome(encodeOutcome(o))).toEqual(o)));
  });

  it('name the operation of an outcome without being decoded, and of nothing else', () => {
    fc.assert(
      fc.property(outcome, fc.uuid(), (o, operationId) => {
        expect(operationIdOfOutcome(encodeOutcome({ ...o, operationId }))).toBe(operationId);
      }),
    );
    const mark = encodeCutMark({ businessDate: '2026-11-22', sourcePartition: 1, sourcePartitions: 8 });
    expect(operationIdOfOutcome(mark)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        fc.pre(bytes[0] !== 8);
        expect(operationIdOfOutcome(Buffer.from(bytes))).toBeNull();
      }),
    );
  });

  it('lose nothing of a cut mark, and tell it from an outcome', () => {
    const cut = fc.record({ businessDate: text, sourcePartition: uint32, sourcePartitions: uint32 });
    fc.assert(
      fc.property(cut, (mark) => {
        const bytes = encodeCutMark(mark);
        expect(decodeOutcomeRecord(bytes)).toEqual({ kind: 'cut_mark', ...mark });
        expect(decodeOutcome(bytes)).toBeNull();
      }),
    );
  });

  it('lose nothing of a refusal', () => {
    const refusal = fc.record({
      ...{
        eventId: text,
        operationId: text,
        merchantId: text,
        code: text,
        field: text,
        rule: text,
        remedy: text,
        upstreamId: text,
      },
      sourcePartition: fc.integer({ min: 0, max: 1000 }),
      sourceOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
      refusedAtMs: ms,
    });
    const retryable = fc.record({ retryAfterMs: fc.integer({ min: 1, max: 2 ** 32 - 1 }) });
    const either = fc.oneof(
      refusal,
      fc.tuple(refusal, retryable).map(([said, when]) => ({ ...said, ...when })),
    );
    fc.assert(fc.property(either, (r) => expect(decodeRefusal(encodeRefusal(r))).toEqual(r)));
  });

  it('lose nothing of a closed cycle', () => {
    const position = fc.record({
      ...{ participantType: text, participantId: text, currency: text },
      netMinor: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    });
    const file = fc.record({
      ...{ path: text, sha256: text, currency: text, count: uint32 },
      netMinor: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    });
    const cycle = fc.record({ cycleId: text, closedAtMs: ms, positions: fc.array(position), files: fc.array(file) });
    fc.assert(fc.property(cycle, (c) => expect(decodeClosedCycle(encodeClosedCycle(c))).toEqual(c)));
  });

  it.each<DirectoryEntity>([
    {
      type: 'merchant',
      id: '831000058120001',
      merchant: {
        ...{
          merchantId: '831000058120001',
          name: '兰州牛肉面',
          mcc: '5812',
          scenario: 'catering',
          currency: 'CNY',
          region: '310000',
        },
        acquirerContracts: [{ acquirerId: '48020000', feeContractId: 12, weight: 70 }],
        providerId: 'P001',
        apiKeyVersion: 2,
      },
    },
    { type: 'provider', id: 'P001', provider: { providerId: 'P001', name: '地推一号', type: 'ground_promotion' } },
    {
      type: 'store',
      id: 'S0000001',
      store: { storeId: 'S0000001', merchantId: '831000058120001', name: '静安店', region: '310106' },
    },
    {
      type: 'terminal',
      id: '831000058120001-POS00001',
      terminal: { terminalId: 'POS00001', merchantId: '831000058120001', storeId: 'S0000001' },
    },
    {
      type: 'plate',
      id: 'MP0000000001',
      plate: {
        ...{ plateId: 'MP0000000001', merchantId: '831000058120001' },
        ...{ storeId: 'S0000001', terminalId: 'POS00001' },
      },
    },
    { type: 'acquirer', id: '48020000', acquirer: { acquirerId: '48020000', name: '收单一行' } },
    {
      type: 'issuer',
      id: '01020000',
      issuer: {
        issuerId: '01020000',
        name: '工商银行',
        bins: ['622202'],
        tokenRanges: [{ first: '1', last: '2', cardType: 'debit' }],
      },
    },
    {
      type: 'fee_contract',
      id: '12',
      feeContract: {
        ...{
          feeContractId: 12,
          acquirerId: '48020000',
          providerId: 'P001',
          agentId: 'A1',
          mdrPpm: 6_000,
          issuerDebitPpm: 3_500,
        },
        ...{ issuerCreditPpm: 4_500, issuerDebitCapMinor: 1_300n, networkPpm: 325, networkCapMinor: 325n },
        ...{ acquirerParts: 30, providerParts: 50, agentParts: 20 },
      },
    },
  ])('lose nothing of a directory change of a $type', (entity) => {
    const change: DirectoryChange = { version: 2n ** 63n, status: 'suspended', changedAtMs: 1_763_800_000_000, entity };
    expect(JSON.stringify(decodeDirectoryChange(encodeDirectoryChange(change)), bigints)).toBe(
      JSON.stringify(change, bigints),
    );
    expect(directoryKey(entity)).toBe(`${entity.type}/${entity.id}`);
  });

  it('are refused with a code when they are no such message, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeOperationRequested(bytes);
        } catch (error) {
          expect(error).toMatchObject({
            name: 'SwitchError',
            code: expect.stringMatching(/^(undecodable|unknown_version)$/),
          });
        }
      }),
    );
  });

  it('are refused when they claim a schema version that nobody knows', () => {
    expect(() => decodeOperationRequested(Buffer.from([0x08, 0x02]))).toThrow(
      expect.objectContaining({ code: 'unknown_version' }),
    );
    expect(() => decodeOperationRequested(Buffer.alloc(0))).toThrow(
      expect.objectContaining({ code: 'unknown_version' }),
    );
  });
});

describe('fingerprintOf', () => {
  const technical = ['eventId', 'requestedAtMs', 'expiresAtMs', 'upstreamId'];

  it('is the same for a re-send, whatever its technical fields', () => {
    fc.assert(
      fc.property(request, request, (first, other) => {
        const { eventId, requestedAtMs, expiresAtMs, upstreamId } = other;
        expect(fingerprintOf({ ...first, eventId, requestedAtMs, expiresAtMs, upstreamId })).toBe(fingerprintOf(first));
      }),
    );
  });

  it('differs when any business field differs', () => {
    fc.assert(
      fc.property(request, request, (first, other) => {
        for (const field of Object.keys(first) as (keyof OperationRequest)[]) {
          if (technical.includes(field) || first[field] === other[field]) continue;
          expect(fingerprintOf({ ...first, [field]: other[field] })).not.toBe(fingerprintOf(first));
        }
      }),
    );
  });
});

it('names every topic once, and a dead-letter topic for each', () => {
  const names = allTopics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.endsWith('.dlq'))).toHaveLength(names.length / 2);
  expect(topicNamed('payments.outcomes.v1').key).toBe('merchant id');
  expect(() => topicNamed('payments.outcome')).toThrow(/payments\.outcomes\.v1/);
});

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

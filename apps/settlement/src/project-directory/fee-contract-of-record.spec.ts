import { describe, expect, it } from '@jest/globals';
import { encodeDirectoryChange, type FeeContract } from '@fourway/contracts';
import { feeContract } from '../post-outcomes/outcomes.fixture.ts';
import { feeContractOfRecord, isFeeContractKey } from './fee-contract-of-record.ts';

const recordOf = (changes: Partial<FeeContract>): Buffer =>
  encodeDirectoryChange({
    version: 3n,
    status: 'active',
    changedAtMs: 0,
    entity: { type: 'fee_contract', id: '7', feeContract: { ...feeContract, ...changes } },
  });

describe('feeContractOfRecord', () => {
  it('reads a contract with its version', () => {
    expect(feeContractOfRecord(recordOf({}))).toEqual({ version: 3n, contract: feeContract });
  });

  it('gives the parts of an absent party to nobody', () => {
    expect(feeContractOfRecord(recordOf({ providerId: '', agentId: '' }))?.contract).toMatchObject({
      acquirerParts: 30,
      providerParts: 0,
      agentParts: 0,
    });
  });

  it.each([{ mdrPpm: 1_000_001 }, { issuerDebitCapMinor: -1n }, { feeContractId: 0 }, { acquirerId: '4802' }])(
    'refuses a contract no fee can be computed with: %o',
    (changes) => {
      expect(() => feeContractOfRecord(recordOf(changes))).toThrow('fee contract');
    },
  );

  it('passes over other entities', () => {
    const value = encodeDirectoryChange({
      version: 1n,
      status: 'active',
      changedAtMs: 0,
      entity: { type: 'acquirer', id: '48021000', acquirer: { acquirerId: '48021000', name: 'A' } },
    });
    expect(feeContractOfRecord(value)).toBeNull();
    expect([
      isFeeContractKey(Buffer.from('acquirer/48021000')),
      isFeeContractKey(Buffer.from('fee_contract/7')),
      isFeeContractKey(null),
    ]).toEqual([false, true, false]);
  });
});

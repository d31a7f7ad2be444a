import { describe, expect, it } from '@jest/globals';
import { directoryKey, encodeDirectoryChange, type DirectoryEntity, type FeeContract } from '@fourway/contracts';
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

  const merchantId = '812345678900001';
  const storeId = 'S1';
  const terminalId = 'T0000001';
  const others: DirectoryEntity[] = [
    { type: 'acquirer', id: '48021000', acquirer: { acquirerId: '48021000', name: 'A' } },
    { type: 'store', id: storeId, store: { storeId, merchantId, name: '一店', region: '440106' } },
    { type: 'terminal', id: `${merchantId}-${terminalId}`, terminal: { terminalId, merchantId, storeId } },
    { type: 'plate', id: 'P00000000001', plate: { plateId: 'P00000000001', merchantId, storeId, terminalId } },
  ];

  it.each(others)('passes over a record of type $type, by its key and by its value', (entity) => {
    const value = encodeDirectoryChange({ version: 1n, status: 'active', changedAtMs: 0, entity });
    expect(feeContractOfRecord(value)).toBeNull();
    expect(isFeeContractKey(Buffer.from(directoryKey(entity)))).toBe(false);
  });

  it('passes over a type that only later versions of the contract know', () => {
    // Field 99 of length 0, after the schema version.
    expect(feeContractOfRecord(Buffer.from([0x08, 0x01, 0x9a, 0x06, 0x00]))).toBeNull();
  });

  it('knows its own by the key', () => {
    expect([isFeeContractKey(Buffer.from('fee_contract/7')), isFeeContractKey(null)]).toEqual([true, false]);
  });
});

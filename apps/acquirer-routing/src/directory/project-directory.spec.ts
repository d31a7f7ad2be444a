import { describe, expect, it } from '@jest/globals';
import { encodeDirectoryChange, type DirectoryEntity } from '@fourway/contracts';
import { rowsOfRecords } from './project-directory.handler.ts';

const merchantId = '812345678900001';
const [storeId, terminalId, plateId] = ['S1', 'T0000001', 'P00000000001'];
const merchant = {
  ...{ merchantId, name: '面馆', mcc: '5812', scenario: 'catering', currency: 'CNY', region: '440106' },
  acquirerContracts: [{ acquirerId: '48020000', feeContractId: 7, weight: 1_000 }],
  ...{ providerId: 'SP1', apiKeyVersion: 0 },
};
const others: DirectoryEntity[] = [
  { type: 'store', id: storeId, store: { storeId, merchantId, name: '一店', region: '440106' } },
  { type: 'terminal', id: `${merchantId}-${terminalId}`, terminal: { terminalId, merchantId, storeId } },
  { type: 'plate', id: plateId, plate: { plateId, merchantId, storeId, terminalId } },
  { type: 'provider', id: 'SP1', provider: { providerId: 'SP1', name: '聚合', type: 'aggregator' } },
];
const valueOf = (entity: DirectoryEntity, version = 1n): Buffer =>
  encodeDirectoryChange({ version, status: 'active', changedAtMs: 0, entity });

function rowsOf(values: readonly (Buffer | null)[]) {
  const faults: string[] = [];
  return {
    ...rowsOfRecords(
      values.map((value) => ({ value })),
      (_, { code }) => faults.push(code),
    ),
    faults,
  };
}

describe('the records of a batch', () => {
  it.each(others)('of type $type concern routing not', (entity) => {
    expect(rowsOf([valueOf(entity)])).toEqual({ merchants: [], issuers: [], faults: [] });
  });

  it('of a type that only later versions of the contract know are passed over, and so are deletions', () => {
    expect(rowsOf([Buffer.from([0x08, 0x01, 0x9a, 0x06, 0x00]), null])).toEqual({
      merchants: [],
      issuers: [],
      faults: [],
    });
  });

  it('that cannot be read are set aside, the others taken', () => {
    const entity: DirectoryEntity = { type: 'merchant', id: merchantId, merchant };
    const { merchants, faults } = rowsOf([Buffer.from('nonsense'), valueOf(entity)]);
    expect([merchants.map((row) => row.merchantId), faults]).toEqual([[merchantId], ['undecodable']]);
  });

  it('give the newest version of each merchant, whatever their order', () => {
    const entity: DirectoryEntity = { type: 'merchant', id: merchantId, merchant };
    expect(rowsOf([valueOf(entity, 2n), valueOf(entity, 3n), valueOf(entity, 1n)]).merchants).toEqual([
      { merchantId, version: 3n, profile: '5812|catering|CNY|a|48020000:7:1000' },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { DirectoryEntity } from '@fourway/contracts';
import { EntityMap } from './entity-map.ts';
import { feeContractEntity } from './fee-contract-entity.ts';
import { referenceFaults, referencesOf, tenantOf } from './references.ts';
import type { Draft, EntityStatus } from './stored-entity.ts';

const [acquirerId, providerId, merchantId, storeId] = ['48020000', 'SP1', '812345678900001', 'S1'];
const merchant = {
  ...{ merchantId, name: '面馆', mcc: '5812', scenario: 'catering', currency: 'CNY', region: '440106', providerId },
  ...{ acquirerContracts: [{ acquirerId, feeContractId: 7, weight: 1_000 }], apiKeyVersion: 0 },
};
const merchantEntity: DirectoryEntity = { type: 'merchant', id: merchantId, merchant };
const contractOf = (changes: object) =>
  feeContractEntity({
    ...{ feeContractId: 7, acquirerId, providerId, agentId: '', mdrPpm: 0, issuerDebitPpm: 0, issuerCreditPpm: 0 },
    ...{ issuerDebitCapMinor: 0, networkPpm: 0, networkCapMinor: 0, acquirerParts: 1, providerParts: 0, agentParts: 0 },
    ...changes,
  });

function knownOf(entities: readonly DirectoryEntity[], status: EntityStatus = 'active'): EntityMap<Draft> {
  const known = new EntityMap<Draft>();
  for (const entity of entities) known.set(entity, { entity, status, providerId: tenantOf(entity, known, null) });
  return known;
}

const provider: DirectoryEntity = {
  type: 'provider',
  id: providerId,
  provider: { providerId, name: 'P', type: 'agent' },
};
const acquirer: DirectoryEntity = { type: 'acquirer', id: acquirerId, acquirer: { acquirerId, name: 'A' } };
const faultsOf = (entity: DirectoryEntity, known: EntityMap<Draft>, status: EntityStatus = 'active') =>
  referenceFaults({ entity, status }, referencesOf(entity), known).map(({ pointer, code }) => [pointer, code]);

describe('a merchant', () => {
  it('names only what is there', () => {
    expect(faultsOf(merchantEntity, knownOf([]))).toEqual([
      ['/providerId', 'unknown_provider'],
      ['/acquirerContracts/0/acquirerId', 'unknown_acquirer'],
      ['/acquirerContracts/0/feeContractId', 'unknown_fee_contract'],
    ]);
    expect(faultsOf(merchantEntity, knownOf([provider, acquirer, contractOf({})]))).toEqual([]);
  });

  it('names nothing that is closed, unless it is closed itself', () => {
    const closed = knownOf([provider, acquirer, contractOf({})], 'closed');
    expect(faultsOf(merchantEntity, closed)[0]).toEqual(['/providerId', 'closed_provider']);
    expect(faultsOf(merchantEntity, closed, 'closed')).toEqual([]);
  });

  it.each([
    [{ acquirerId: '48030000' }, 'fee_contract_of_another_acquirer'],
    [{ providerId: 'SP2' }, 'fee_contract_of_another_provider'],
  ])('pays by no contract that was made with others: %o', (changes, code) => {
    const known = knownOf([provider, acquirer, contractOf(changes)]);
    expect(faultsOf(merchantEntity, known)).toEqual([['/acquirerContracts/0/feeContractId', code]]);
  });

  it('may pay by a contract that is of no provider', () => {
    expect(faultsOf(merchantEntity, knownOf([provider, acquirer, contractOf({ providerId: '' })]))).toEqual([]);
  });
});

describe('what belongs to a merchant', () => {
  const store: DirectoryEntity = {
    type: 'store',
    id: storeId,
    store: { storeId, merchantId, name: '店', region: '440106' },
  };
  const plate = { plateId: 'P00000000001', merchantId, storeId, terminalId: '' };
  const bound: DirectoryEntity = { type: 'plate', id: plate.plateId, plate };
  const unbound: DirectoryEntity = { ...bound, plate: { ...plate, merchantId: '', storeId: '' } };
  const known = knownOf([provider, acquirer, contractOf({}), merchantEntity, store]);

  it("has the merchant's provider for a tenant; an unbound plate the one it was issued to", () => {
    expect([store, bound, unbound].map((entity) => tenantOf(entity, known, 'SP9'))).toEqual([
      providerId,
      providerId,
      'SP9',
    ]);
  });

  it('is at a store of that merchant', () => {
    const strange: DirectoryEntity = { ...store, store: { ...store.store, merchantId: '812345678900002' } };
    expect(faultsOf(bound, known)).toEqual([]);
    expect(faultsOf(bound, knownOf([provider, merchantEntity, strange]))).toEqual([
      ['/storeId', 'store_of_another_merchant'],
    ]);
  });

  it('names nothing while it is unbound', () => expect(referencesOf(unbound)).toEqual([]));
});

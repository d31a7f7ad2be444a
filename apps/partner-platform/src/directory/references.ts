import { terminalKey, type DirectoryEntity, type FeeContract, type Merchant, type Plate } from '@fourway/contracts';
import type { FieldProblem } from '@fourway/platform-http';
import type { EntityMap } from './entity-map.ts';
import { merchantIdOf, type Draft, type EntityKey, type EntityType } from './stored-entity.ts';

/** An entity that another one names. */
export interface Reference extends EntityKey {
  /** Where it is named, RFC 6901. */
  readonly pointer: string;
}

/** Entities that may be named. */
export type KnownEntities = Pick<EntityMap<Draft>, 'get'>;

/** The entities that this one names; they have to be in the directory before it. */
export function referencesOf(entity: DirectoryEntity): readonly Reference[] {
  switch (entity.type) {
    case 'merchant':
      return merchantReferences(entity.merchant);
    case 'fee_contract':
      return feeContractReferences(entity.feeContract);
    case 'store':
      return [reference('merchant', entity.store.merchantId, '/merchantId')];
    case 'terminal':
      return [...premisesReferences(entity.terminal)];
    case 'plate':
      return plateReferences(entity.plate);
    case 'provider':
    case 'acquirer':
    case 'issuer':
      return [];
  }
}

const reference = (type: EntityType, id: string, pointer: string): Reference => ({ type, id, pointer });

function merchantReferences({ providerId, acquirerContracts }: Merchant): Reference[] {
  const references = [reference('provider', providerId, '/providerId')];
  acquirerContracts.forEach(({ acquirerId, feeContractId }, i) => {
    references.push(
      reference('acquirer', acquirerId, `/acquirerContracts/${i}/acquirerId`),
      reference('fee_contract', String(feeContractId), `/acquirerContracts/${i}/feeContractId`),
    );
  });
  return references;
}

const feeContractReferences = ({ acquirerId, providerId, agentId }: FeeContract): Reference[] =>
  [
    reference('acquirer', acquirerId, '/acquirerId'),
    reference('provider', providerId, '/providerId'),
    reference('provider', agentId, '/agentId'),
  ].filter(({ id }) => id !== '');

const premisesReferences = ({ merchantId, storeId }: Pick<Plate, 'merchantId' | 'storeId'>): Reference[] =>
  [reference('merchant', merchantId, '/merchantId'), reference('store', storeId, '/storeId')].filter(
    ({ id }) => id !== '',
  );

const plateReferences = (plate: Plate): Reference[] => [
  ...premisesReferences(plate),
  ...(plate.terminalId === '' ? [] : [reference('terminal', terminalKey(plate), '/terminalId')]),
];

/** What is wrong with the entities that a draft names; a closed entity may name what it named. */
export function referenceFaults(
  { entity, status }: Pick<Draft, 'entity' | 'status'>,
  references: readonly Reference[],
  known: KnownEntities,
): FieldProblem[] {
  if (status === 'closed') return [];
  const absent = references.flatMap((one) => absenceOf(one, known.get(one)));
  return absent.length > 0 ? absent : contradictionsIn(entity, references, known);
}

const noFault: FieldProblem[] = [];

function absenceOf({ type, id, pointer }: Reference, target: Draft | undefined): FieldProblem[] {
  if (target !== undefined && target.status !== 'closed') return noFault;
  const what = `${type === 'acquirer' ? 'an' : 'a'} ${type.replace('_', ' ')}`;
  return target === undefined
    ? [
        {
          ...{ pointer, code: `unknown_${type}`, rule: `names ${what} of the directory; there is no ${id}` },
          remedy: `Check the id, or have it registered first.`,
        },
      ]
    : [{ pointer, code: `closed_${type}`, rule: `names ${what} that is not closed`, remedy: 'Name another one.' }];
}

function contradictionsIn(
  entity: DirectoryEntity,
  references: readonly Reference[],
  known: KnownEntities,
): FieldProblem[] {
  if (entity.type === 'merchant') return contractFaults(entity.merchant, known);
  const merchantId = merchantIdOf(entity);
  if (merchantId === null) return noFault;
  return references.flatMap((one) => {
    const { type, pointer } = one;
    const target = known.get(one);
    if (target === undefined || merchantIdOf(target.entity) === merchantId) return noFault;
    const rule = `names a ${type} of merchant ${merchantId}`;
    return [{ pointer, code: `${type}_of_another_merchant`, rule, remedy: "Name one of the merchant's own." }];
  });
}

/** A merchant pays by contracts that its provider has, at the acquirer they were made with. */
const contractFaults = ({ providerId, acquirerContracts }: Merchant, known: KnownEntities): FieldProblem[] =>
  acquirerContracts.flatMap(({ acquirerId, feeContractId }, i) => {
    const contract = known.get({ type: 'fee_contract', id: String(feeContractId) })?.entity;
    if (contract?.type !== 'fee_contract') return noFault;
    const { feeContract } = contract;
    const pointer = `/acquirerContracts/${i}/feeContractId`;
    if (feeContract.acquirerId !== acquirerId)
      return [
        {
          pointer,
          code: 'fee_contract_of_another_acquirer',
          rule: `names a fee contract with acquirer ${acquirerId}`,
          remedy: 'Name one that was made with this acquirer.',
        },
      ];
    if (feeContract.providerId === '' || feeContract.providerId === providerId) return noFault;
    return [
      {
        pointer,
        code: 'fee_contract_of_another_provider',
        rule: `names a fee contract of provider ${providerId}`,
        remedy: "Name one of the provider's own.",
      },
    ];
  });

/**
 * The tenant of an entity whose references hold.
 * @param stock the provider that an unbound plate was issued to
 */
export function tenantOf(entity: DirectoryEntity, known: KnownEntities, stock: string | null): string | null {
  if (entity.type === 'provider') return entity.provider.providerId;
  if (entity.type === 'merchant') return entity.merchant.providerId;
  if (entity.type === 'fee_contract') return entity.feeContract.providerId || null;
  const merchantId = merchantIdOf(entity);
  // Acquirers and issuers have no tenant, and no stock.
  return merchantId === null ? stock : (known.get({ type: 'merchant', id: merchantId })?.providerId ?? stock);
}

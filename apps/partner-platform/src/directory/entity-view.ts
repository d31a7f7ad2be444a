import type { DirectoryEntity } from '@fourway/contracts';
import type { StoredEntity } from './stored-entity.ts';

/** An entity as the API shows it; money as integers of minor units, which contracts keep far below 2^53. */
export function viewOf(stored: StoredEntity): Record<string, unknown> {
  const { entity, status, version, changedAtMs } = stored;
  return {
    ...fieldsOf(entity),
    ...(entity.type === 'plate' ? { state: plateStateOf(stored), providerId: stored.providerId ?? '' } : {}),
    status,
    version: Number(version),
    changedAt: new Date(changedAtMs).toISOString(),
  };
}

/** The fields of an entity as its schema takes them. */
export function fieldsOf(entity: DirectoryEntity): Readonly<Record<string, unknown>> {
  switch (entity.type) {
    case 'provider':
      return { ...entity.provider };
    case 'merchant':
      return { ...entity.merchant };
    case 'store':
      return { ...entity.store };
    case 'terminal':
      return { ...entity.terminal };
    case 'plate':
      return { ...entity.plate };
    case 'acquirer':
      return { ...entity.acquirer };
    case 'issuer':
      return { ...entity.issuer };
    case 'fee_contract': {
      const { issuerDebitCapMinor, networkCapMinor, ...others } = entity.feeContract;
      return { ...others, issuerDebitCapMinor: Number(issuerDebitCapMinor), networkCapMinor: Number(networkCapMinor) };
    }
  }
}

export const plateStates = ['PRINTED', 'BOUND', 'UNBOUND'] as const;
export type PlateState = (typeof plateStates)[number];

/** Where a plate is in its life. */
export function plateStateOf({ entity, wasBound }: Pick<StoredEntity, 'entity' | 'wasBound'>): PlateState {
  if (entity.type === 'plate' && entity.plate.merchantId !== '') return 'BOUND';
  return wasBound ? 'UNBOUND' : 'PRINTED';
}

import type { z } from 'zod';
import { feeContractId, merchantId, plateId, providerId, storeId, terminalId } from '../directory/entity-fields.ts';
import { notFound } from '../edit-entities/change-entity.ts';
import type { EntityKey, EntityType } from '../directory/stored-entity.ts';

type ServedType = Exclude<EntityType, 'acquirer' | 'issuer'>;

const idSchemas: Readonly<Record<Exclude<ServedType, 'terminal' | 'fee_contract'>, z.ZodType<string>>> = {
  provider: providerId,
  merchant: merchantId,
  store: storeId,
  plate: plateId,
};

/**
 * The entity that a path names. An id that none can have names nothing.
 * @throws HttpProblem 404
 */
export function keyOfPath(type: ServedType, id: string): EntityKey {
  if (!isPossibleId(type, id)) throw notFound({ type, id: 'of this id' });
  return { type, id };
}

function isPossibleId(type: ServedType, id: string): boolean {
  if (type === 'fee_contract') return /^[1-9]\d{0,9}$/.test(id) && feeContractId.safeParse(Number(id)).success;
  if (type !== 'terminal') return idSchemas[type].safeParse(id).success;
  const [merchant, terminal, ...rest] = id.split('-');
  return rest.length === 0 && merchantId.safeParse(merchant).success && terminalId.safeParse(terminal).success;
}

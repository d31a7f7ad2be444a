import type { DirectoryEntity } from '@fourway/contracts';
import { assert } from '@fourway/kernel';
import { parseBody } from '@fourway/platform-http';
import { merchantFields, providerFields } from '../directory/entity-fields.ts';

/**
 * An entity with some fields changed, held against its schema as a whole.
 * @throws HttpProblem 422
 */
export function applyFields(entity: DirectoryEntity, fields: Readonly<Record<string, unknown>>): DirectoryEntity {
  if (entity.type === 'provider')
    return { ...entity, provider: parseBody(providerFields, { ...entity.provider, ...fields }) };
  assert(entity.type === 'merchant', 'only providers and merchants change field by field');
  const { apiKeyVersion, ...before } = entity.merchant;
  return { ...entity, merchant: { ...parseBody(merchantFields, { ...before, ...fields }), apiKeyVersion } };
}

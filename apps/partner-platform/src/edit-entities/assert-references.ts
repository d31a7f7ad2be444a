import { HttpProblem } from '@fourway/platform-http';
import type { DirectoryEntity } from '@fourway/contracts';
import { reaches, type Reach } from '../authenticate/principal.ts';
import type { DirectoryUnit } from '../directory/directory-unit.ts';
import { EntityMap } from '../directory/entity-map.ts';
import { referenceFaults, referencesOf, tenantOf } from '../directory/references.ts';
import type { Draft, EntityStatus, StoredEntity } from '../directory/stored-entity.ts';

export interface Proposal {
  readonly entity: DirectoryEntity;
  readonly status: EntityStatus;
  /** The provider that an unbound plate was issued to. */
  readonly stock: string | null;
}

/**
 * A proposal as a draft, once everything it names is there, and is the caller's.
 * @throws HttpProblem 422
 */
export async function assertReferences(unit: DirectoryUnit, proposal: Proposal, reach: Reach): Promise<Draft> {
  const { entity, status, stock } = proposal;
  const references = referencesOf(entity);
  const found = await unit.find(references);
  const known = new EntityMap<StoredEntity>();
  for (const stored of found.values()) if (mayName(reach, stored)) known.set(stored.entity, stored);
  const errors = referenceFaults({ entity, status }, references, known);
  if (errors.length > 0)
    throw new HttpProblem({
      status: 422,
      code: 'references_broken',
      title: 'The entity names others that it may not name',
      errors,
    });
  // A closed entity may name what is gone; its tenant stays.
  return { entity, status, providerId: tenantOf(entity, found, stock) };
}

/** Acquirers are everybody's; all else is nobody's business but its owner's. */
const mayName = (reach: Reach, stored: StoredEntity): boolean =>
  stored.entity.type === 'acquirer' || reaches(reach, stored);

import type { DirectoryChange } from '@fourway/contracts';
import type { Run } from './find-entities.ts';
import { bytesOf, changeOfRecord, type StoredEntity } from './stored-entity.ts';

/** What an entity was when it was created. */
export async function firstVersionOf(run: Run, current: StoredEntity): Promise<Pick<DirectoryChange, 'entity'>> {
  if (current.version === 1n) return current;
  const [row] = await run({
    name: 'first-version',
    text: 'select record from entity_version where type = $1 and id = $2 and version = 1',
    values: [current.entity.type, current.entity.id],
  });
  return changeOfRecord(bytesOf(row?.[0]));
}

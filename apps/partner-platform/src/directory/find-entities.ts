import { arrayLiteral, type Row, type Statement } from '@fourway/platform-postgres';
import { EntityMap } from './entity-map.ts';
import { storedEntityColumns, storedEntityOf, type EntityKey, type StoredEntity } from './stored-entity.ts';

/** Runs a statement, inside a transaction or by itself. */
export type Run = (statement: Statement) => Promise<Row[]>;

/** The newest versions of the entities that there are. */
export async function findEntities(run: Run, keys: readonly EntityKey[]): Promise<EntityMap<StoredEntity>> {
  const found = new EntityMap<StoredEntity>();
  if (keys.length === 0) return found;
  const rows = await run({
    name: 'find-entities',
    text: `select ${storedEntityColumns} from unnest($1::text[], $2::text[]) as key (type, id) join entity using (type, id)`,
    values: [arrayLiteral(keys.map(({ type }) => type)), arrayLiteral(keys.map(({ id }) => id))],
  });
  for (const row of rows) {
    const stored = storedEntityOf(row);
    found.set(stored.entity, stored);
  }
  return found;
}

import type { DirectoryEntity } from '@fourway/contracts';
import type { FieldProblem } from '@fourway/platform-http';
import type { DirectoryUnit, NextVersion } from '../directory/directory-unit.ts';
import { EntityMap } from '../directory/entity-map.ts';
import { referenceFaults, tenantOf } from '../directory/references.ts';
import type { Draft, EntityKey, StoredEntity } from '../directory/stored-entity.ts';
import type { Ground } from './ground.ts';
import type { ImportLine, LineFault } from './import-line.ts';
import { transitionFaults } from './transition-faults.ts';

/** What became of a batch: the lines before the fault are stored. */
export interface TakenBatch {
  readonly imported: number;
  readonly unchanged: number;
  readonly fault: LineFault | null;
}

/** Takes the lines of a batch, each entity once, up to the first that cannot be taken. */
export async function takeBatch(
  unit: DirectoryUnit,
  lines: readonly ImportLine[],
  ground: Ground,
): Promise<TakenBatch> {
  const known = ground.asOf(unit.lastChangeNumber);
  for (const stored of (await unit.find(keysOf(lines, known))).values()) known.set(stored.entity, stored);
  const versions: NextVersion[] = [];
  let unchanged = 0;
  let fault: LineFault | null = null;
  for (const line of lines) {
    const replaced = known.get(line.entity);
    const taken = takeLine(unit, line, known);
    if ('problems' in taken) {
      fault = taken;
      break;
    }
    if (taken === replaced) unchanged += 1;
    else versions.push({ next: taken, replaced });
    known.set(line.entity, taken);
  }
  await unit.save(versions);
  ground.keep(known, unit.lastChangeNumber);
  return { imported: versions.length, unchanged, fault };
}

/** What the lines are about, and what they name, each once, but for what is known already. */
function keysOf(lines: readonly ImportLine[], known: EntityMap<StoredEntity>): EntityKey[] {
  const wanted = new EntityMap<EntityKey>();
  for (const { entity, references } of lines) {
    if (!known.has(entity)) wanted.set(entity, entity);
    for (const reference of references) if (!known.has(reference)) wanted.set(reference, reference);
  }
  return [...wanted.values()];
}

function takeLine(unit: DirectoryUnit, line: ImportLine, known: EntityMap<StoredEntity>): StoredEntity | LineFault {
  const current = known.get(line.entity);
  const entity = keepingApiKey(line.entity, current);
  const stock = line.stock ?? current?.providerId ?? null;
  const draft: Draft = { entity, status: line.status, providerId: tenantOf(entity, known, stock) };
  const next = unit.nextVersion(draft, current);
  if (next === current) return current;
  const problems = [...transitionFaults(draft, current), ...referenceFaults(draft, line.references, known)];
  return problems.length === 0
    ? next
    : { line: line.line, problems: problems.map((problem) => below(entity, problem)) };
}

/** An import made before a key was issued must not make the void ones valid again. */
function keepingApiKey(entity: DirectoryEntity, current: StoredEntity | undefined): DirectoryEntity {
  if (entity.type !== 'merchant' || current?.entity.type !== 'merchant') return entity;
  const apiKeyVersion = Math.max(entity.merchant.apiKeyVersion, current.entity.merchant.apiKeyVersion);
  return { ...entity, merchant: { ...entity.merchant, apiKeyVersion } };
}

const below = ({ type }: DirectoryEntity, problem: FieldProblem): FieldProblem => ({
  ...problem,
  pointer: `/${type === 'fee_contract' ? 'feeContract' : type}${problem.pointer}`,
});

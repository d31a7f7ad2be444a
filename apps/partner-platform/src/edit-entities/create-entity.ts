import { isDeepStrictEqual } from 'node:util';
import type { DirectoryEntity } from '@fourway/contracts';
import { HttpProblem, type FieldProblem } from '@fourway/platform-http';
import { reaches, type Reach } from '../authenticate/principal.ts';
import type { DirectoryUnit } from '../directory/directory-unit.ts';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { fieldsOf } from '../directory/entity-view.ts';
import { firstVersionOf } from '../directory/first-version.ts';
import { keyOf, type StoredEntity } from '../directory/stored-entity.ts';
import { assertReferences } from './assert-references.ts';
import { callOf, type Request } from './request.ts';

export interface Creation {
  readonly entity: DirectoryEntity;
  /** The fields that were sent; a repetition sends the same. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** For a plate: whose stock it comes from. */
  readonly stock?: string | null;
}

export interface Created {
  readonly stored: StoredEntity;
  /** False for the repetition of a request that was done before. */
  readonly isNew: boolean;
}

/** Creates an entity under the id its creator gives it: the id makes the request repeatable. */
export class CreateEntity {
  readonly #directory: DirectoryRepository;

  constructor(directory: DirectoryRepository) {
    this.#directory = directory;
  }

  /** @throws HttpProblem 422 for references that do not hold, and for an id that stands for something else */
  create(creation: Creation, request: Request): Promise<Created> {
    const { entity } = creation;
    const call = callOf(request, `${entity.type}.create`, keyOf(entity));
    return this.#directory.change(call, async (unit) => {
      const current = (await unit.find([entity])).get(entity);
      if (current !== undefined) return { stored: await repeated(unit, { current, creation, request }), isNew: false };
      const draft = await assertReferences(
        unit,
        { entity, status: 'active', stock: creation.stock ?? null },
        request.principal.reach,
      );
      return { stored: await unit.saveOne(draft, undefined), isNew: true };
    });
  }
}

interface Repetition {
  readonly current: StoredEntity;
  readonly creation: Creation;
  readonly request: Request;
}

/** Held against what was created, not against what became of it since. */
async function repeated(unit: DirectoryUnit, { current, creation, request }: Repetition): Promise<StoredEntity> {
  const { fields } = creation;
  const first = fieldsOf((await firstVersionOf(unit.run, current)).entity);
  const differing = isVisible(current, request.principal.reach)
    ? Object.keys(fields).filter((field) => !isDeepStrictEqual(fields[field], first[field]))
    : [idFieldOf(fields)];
  if (differing.length > 0) throw idTaken(differing);
  return current;
}

const isVisible = (stored: StoredEntity, reach: Reach): boolean => reaches(reach, stored);
const idFieldOf = (fields: Readonly<Record<string, unknown>>): string => Object.keys(fields)[0] ?? '';

const idTaken = (fields: readonly string[]): HttpProblem =>
  new HttpProblem({
    status: 422,
    code: 'id_taken',
    title: 'The id stands for something else',
    detail: 'An entity of this id was created with other content.',
    errors: fields.map((field): FieldProblem => ({
      pointer: `/${field}`,
      code: 'differs_from_created',
      rule: 'must be what it was when the entity of this id was created',
      remedy: 'Send what was sent before, choose another id, or change the entity by PATCH.',
    })),
  });

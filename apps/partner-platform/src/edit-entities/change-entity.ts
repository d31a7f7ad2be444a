import { HttpProblem, problemOfStatus } from '@fourway/platform-http';
import { reaches } from '../authenticate/principal.ts';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { keyOf, type EntityKey, type EntityStatus, type StoredEntity } from '../directory/stored-entity.ts';
import { applyFields } from './apply-fields.ts';
import { assertReferences } from './assert-references.ts';
import { callOf, type Request } from './request.ts';
import { versionConflict, type ExpectedVersion } from './expected-version.ts';

export interface Change {
  readonly key: EntityKey;
  readonly expected: ExpectedVersion;
  readonly status: EntityStatus | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Changes fields and status of an entity, if it is still as its caller saw it. */
export class ChangeEntity {
  readonly #directory: DirectoryRepository;

  constructor(directory: DirectoryRepository) {
    this.#directory = directory;
  }

  /**
   * A change that leaves everything as it is answers what is there, so that it can be repeated.
   * @throws HttpProblem 404, 409 for a closed entity or another version, 412 the same for If-Match, 422 for references that do not hold
   */
  change({ key, expected, status, fields }: Change, request: Request): Promise<StoredEntity> {
    const { reach } = request.principal;
    return this.#directory.change(callOf(request, `${key.type}.change`, keyOf(key)), async (unit) => {
      const current = (await unit.find([key])).get(key);
      if (current === undefined || !reaches(reach, current)) throw notFound(key);
      const proposal = {
        entity: applyFields(current.entity, fields),
        status: status ?? current.status,
        stock: current.providerId,
      };
      const same = unit.nextVersion({ ...proposal, providerId: current.providerId }, current) === current;
      if (same) return current;
      if (current.status === 'closed') throw closed(key);
      if (current.version !== expected.version) throw versionConflict(expected, current.version);
      return unit.saveOne(await assertReferences(unit, proposal, reach), current);
    });
  }
}

export const notFound = ({ type, id }: EntityKey): HttpProblem =>
  problemOfStatus(404, { code: `unknown_${type}`, detail: `There is no ${type.replace('_', ' ')} ${id}.` });

export const closed = ({ type, id }: EntityKey): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: `${type}_closed`,
    title: 'What is closed does not change any more',
    detail: `The ${type} ${id} is closed.`,
  });

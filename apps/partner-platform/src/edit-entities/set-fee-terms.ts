import type { FeeContract } from '@fourway/contracts';
import { HttpProblem } from '@fourway/platform-http';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { fieldsOf } from '../directory/entity-view.ts';
import { changedParties } from '../directory/fixed-parties.ts';
import { keyOf } from '../directory/stored-entity.ts';
import { assertReferences } from './assert-references.ts';
import { type CreateEntity, type Created } from './create-entity.ts';
import { versionConflict } from './expected-version.ts';
import { callOf, type Request } from './request.ts';

export interface FeeTermsToSet {
  readonly feeContract: FeeContract;
  /** The version these terms replace; none: the contract is new. */
  readonly replaces: bigint | undefined;
}

/** Creates fee contracts, and gives them new terms: a version more, never a change of what payments were priced with. */
export class SetFeeTerms {
  readonly #directory: DirectoryRepository;
  readonly #creation: CreateEntity;

  constructor(directory: DirectoryRepository, creation: CreateEntity) {
    this.#directory = directory;
    this.#creation = creation;
  }

  /** @throws HttpProblem 409 for a version that is not the newest, 422 */
  set({ feeContract, replaces }: FeeTermsToSet, request: Request): Promise<Created> {
    const entity = { type: 'fee_contract', id: String(feeContract.feeContractId), feeContract } as const;
    if (replaces === undefined) return this.#creation.create({ entity, fields: fieldsOf(entity) }, request);
    const expected = { version: replaces, source: 'body' } as const;
    return this.#directory.change(callOf(request, 'fee_contract.replace', keyOf(entity)), async (unit) => {
      const current = (await unit.find([entity])).get(entity);
      if (current?.entity.type !== 'fee_contract') throw versionConflict(expected, 0n);
      const same = unit.nextVersion({ ...current, entity }, current) === current;
      if (same) return { stored: current, isNew: false };
      if (current.version !== replaces) throw versionConflict(expected, current.version);
      assertSameParties(feeContract, current.entity.feeContract);
      const proposal = { entity, status: current.status, stock: null };
      const draft = await assertReferences(unit, proposal, request.principal.reach);
      return { stored: await unit.saveOne(draft, current), isNew: true };
    });
  }
}

/** Merchants name the contract because of its parties. */
function assertSameParties(next: FeeContract, current: FeeContract): void {
  const errors = changedParties(next, current);
  if (errors.length > 0)
    throw new HttpProblem({
      status: 422,
      code: 'party_fixed',
      title: 'The parties of a fee contract do not change',
      errors,
    });
}

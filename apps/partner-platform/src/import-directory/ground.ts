import { EntityMap } from '../directory/entity-map.ts';
import type { StoredEntity } from '../directory/stored-entity.ts';

/**
 * What millions of merchants name: providers, acquirers and fee contracts, carried from one batch of an import to the next as long as
 * nobody else has changed the directory between.
 */
export class Ground {
  #entities: readonly StoredEntity[] = [];
  #asOf: bigint | null = null;

  /** What is known of a directory whose newest change is `changeNumber`; the caller's to add to. */
  asOf(changeNumber: bigint): EntityMap<StoredEntity> {
    const known = new EntityMap<StoredEntity>();
    if (this.#asOf === changeNumber) for (const stored of this.#entities) known.set(stored.entity, stored);
    return known;
  }

  keep(known: EntityMap<StoredEntity>, changeNumber: bigint): void {
    this.#entities = [...known.values()].filter(({ entity }) => isGround(entity.type));
    this.#asOf = changeNumber;
  }
}

const isGround = (type: string): boolean => type === 'provider' || type === 'acquirer' || type === 'fee_contract';

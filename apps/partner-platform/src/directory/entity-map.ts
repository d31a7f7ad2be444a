import type { EntityKey, EntityType } from './stored-entity.ts';

/** What is known of entities. A map a type, so that looking millions up joins no strings. */
export class EntityMap<V> {
  readonly #byType = new Map<EntityType, Map<string, V>>();

  get({ type, id }: EntityKey): V | undefined {
    return this.#byType.get(type)?.get(id);
  }

  has({ type, id }: EntityKey): boolean {
    return this.#byType.get(type)?.has(id) === true;
  }

  set({ type, id }: EntityKey, value: V): void {
    const ofType = this.#byType.get(type);
    if (ofType === undefined) this.#byType.set(type, new Map([[id, value]]));
    else ofType.set(id, value);
  }

  *values(): Generator<V> {
    for (const ofType of this.#byType.values()) yield* ofType.values();
  }
}

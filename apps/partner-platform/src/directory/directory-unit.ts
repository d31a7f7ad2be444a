import { encodeDirectoryChange } from '@fourway/contracts';
import type { EntityMap } from './entity-map.ts';
import { findEntities, type Run } from './find-entities.ts';
import type { Draft, EntityKey, StoredEntity } from './stored-entity.ts';
import { writeVersions } from './write-versions.ts';

interface UnitParts {
  readonly run: Run;
  readonly lastChangeNumber: bigint;
  /** Makes the audit row that new versions name; asked for once something changes. */
  readonly callNumber: () => Promise<bigint>;
  readonly nowMs: number;
}

/** A new version, and what it replaces. */
export interface NextVersion {
  readonly next: StoredEntity;
  readonly replaced: StoredEntity | undefined;
}

/** One change of the directory, a transaction. */
export class DirectoryUnit {
  readonly run: Run;
  readonly #callNumber: UnitParts['callNumber'];
  readonly #nowMs: number;
  #lastChangeNumber: bigint;

  constructor({ run, lastChangeNumber, callNumber, nowMs }: UnitParts) {
    this.run = run;
    this.#lastChangeNumber = lastChangeNumber;
    this.#callNumber = callNumber;
    this.#nowMs = nowMs;
  }

  /** The newest change there is, this unit's own included: as long as it is the newest, what was read is as it was read. */
  get lastChangeNumber(): bigint {
    return this.#lastChangeNumber;
  }

  /** The newest versions of the entities that there are. */
  find(keys: readonly EntityKey[]): Promise<EntityMap<StoredEntity>> {
    return findEntities(this.run, keys);
  }

  /** What the entity is after the draft is taken: its next version, or what it is already where the draft says nothing new. */
  nextVersion(draft: Draft, current: StoredEntity | undefined): StoredEntity {
    const { entity, status, providerId } = draft;
    if (current !== undefined && saysNothingNew(draft, current)) return current;
    const version = (current?.version ?? 0n) + 1n;
    const changedAtMs = this.#nowMs;
    const wasBound = current?.wasBound === true || (entity.type === 'plate' && entity.plate.merchantId !== '');
    const record = encodeDirectoryChange({ version, status, changedAtMs, entity });
    return { entity, status, providerId, version, changedAtMs, wasBound, record };
  }

  /** Stores new versions, each entity at most once; they are published in the order given. */
  async save(versions: readonly NextVersion[]): Promise<void> {
    if (versions.length === 0) return;
    const after = this.#lastChangeNumber;
    await writeVersions(this.run, { versions, after, callNumber: await this.#callNumber() });
    this.#lastChangeNumber = after + BigInt(versions.length);
  }

  /** Takes one draft; the entity as it is afterwards. */
  async saveOne(draft: Draft, current: StoredEntity | undefined): Promise<StoredEntity> {
    const next = this.nextVersion(draft, current);
    if (next !== current) await this.save([{ next, replaced: current }]);
    return next;
  }
}

/** The encoding is a function of the content, so equal bytes are equal content and the other way round. */
const saysNothingNew = ({ entity, status, providerId }: Draft, current: StoredEntity): boolean =>
  current.providerId === providerId &&
  encodeDirectoryChange({ version: current.version, changedAtMs: current.changedAtMs, status, entity }).equals(
    current.record,
  );

import type { Row } from '@fourway/platform-postgres';
import { reaches, type Principal, type Reach } from '../authenticate/principal.ts';
import type { DirectoryRepository } from './directory.repository.ts';
import {
  storedEntityColumns,
  storedEntityOf,
  type EntityKey,
  type EntityStatus,
  type EntityType,
  type StoredEntity,
} from './stored-entity.ts';

export interface ListQuery {
  readonly type: EntityType;
  readonly limit: number;
  /** Entities with a greater id. */
  readonly afterId: string;
  readonly providerId?: string | undefined;
  readonly merchantId?: string | undefined;
  readonly status?: EntityStatus | undefined;
}

export interface EntityPage {
  readonly entities: readonly StoredEntity[];
  readonly hasMore: boolean;
}

/** Reads what a caller may see. */
export class ReadEntities {
  readonly #directory: DirectoryRepository;

  constructor(directory: DirectoryRepository) {
    this.#directory = directory;
  }

  /** Undefined also for what is not the caller's. */
  async one(key: EntityKey, { reach }: Principal): Promise<StoredEntity | undefined> {
    const stored = await this.#directory.find(key);
    return stored !== undefined && reaches(reach, stored) ? stored : undefined;
  }

  async list(query: ListQuery, { reach }: Principal): Promise<EntityPage> {
    const { conditions, values } = conditionsOf(query, reach);
    const rows: Row[] = await this.#directory.query({
      name: '',
      text: `select ${storedEntityColumns} from entity where ${conditions.join(' and ')} order by id limit ${query.limit + 1}`,
      values,
    });
    return { entities: rows.slice(0, query.limit).map(storedEntityOf), hasMore: rows.length > query.limit };
  }
}

function conditionsOf(
  { type, afterId, providerId, merchantId, status }: ListQuery,
  reach: Reach,
): { conditions: string[]; values: string[] } {
  const values: string[] = [];
  const conditions: string[] = [];
  const where = (column: string, operator: '=' | '>', value: string | undefined): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${column} ${operator} $${values.length}`);
  };
  where('type', '=', type);
  where('id', '>', afterId);
  where('provider_id', '=', providerId);
  where('merchant_id', '=', merchantId);
  where('status', '=', status);
  if (reach.kind === 'provider') where('provider_id', '=', reach.providerId);
  if (reach.kind === 'merchant') where('merchant_id', '=', reach.merchantId);
  return { conditions, values };
}

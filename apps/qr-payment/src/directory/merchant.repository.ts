import { defined } from '@fourway/kernel';
import { arrayLiteral } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';

export interface MerchantRow {
  readonly merchantId: string;
  readonly version: bigint;
  /** As in the hot copy. */
  readonly profile: string;
}

/** This service's projection of the directory: the source its hot copy is rebuilt from. */
export class MerchantRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** Keeps the newest version of each merchant; each id at most once in `rows`. */
  async save(rows: readonly MerchantRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#queries.query({
      name: 'save_merchants',
      text: `insert into merchant (merchant_id, version, profile) select * from unnest($1::bigint[], $2::bigint[], $3::text[])
        on conflict (merchant_id) do update set version = excluded.version, profile = excluded.profile where merchant.version < excluded.version`,
      values: [
        arrayLiteral(rows.map(({ merchantId }) => merchantId)),
        arrayLiteral(rows.map(({ version }) => version)),
        arrayLiteral(rows.map(({ profile }) => profile)),
      ],
    });
  }

  /** Packed profiles of the merchants there are, by id. */
  async profilesOf(merchantIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#queries.query({
      name: 'merchant_profiles',
      text: 'select merchant_id, profile from merchant where merchant_id = any($1::bigint[])',
      values: [arrayLiteral(merchantIds)],
    });
    return new Map(rows.map(([id, profile]) => [defined(id, 'merchant_id'), defined(profile, 'profile')]));
  }
}

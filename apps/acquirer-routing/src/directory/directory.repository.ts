import type { Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import { defined } from '@fourway/kernel';
import type { TokenRange } from '@fourway/routing';

export interface MerchantRow {
  readonly merchantId: string;
  readonly version: bigint;
  /** As in the hot copy. */
  readonly profile: string;
}

export interface IssuerRow {
  readonly issuerId: string;
  readonly version: bigint;
  readonly ranges: readonly Omit<TokenRange, 'issuerId'>[];
}

/** This service's projection of the directory: the source its hot copy is rebuilt from. */
export class DirectoryRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** Keeps the newest version of each merchant; each id at most once in `rows`. */
  async saveMerchants(rows: readonly MerchantRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#queries.query({
      name: 'save_merchants',
      text: `insert into merchant (merchant_id, version, profile) select * from unnest($1::bigint[], $2::bigint[], $3::text[])
        on conflict (merchant_id) do update set version = excluded.version, profile = excluded.profile where merchant.version < excluded.version`,
      values: [rows.map((r) => r.merchantId), rows.map((r) => r.version.toString()), rows.map((r) => r.profile)],
    });
  }

  async saveIssuers(rows: readonly IssuerRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#queries.query({
      name: 'save_issuers',
      text: `insert into issuer (issuer_id, version, token_ranges) select * from unnest($1::text[], $2::bigint[], $3::jsonb[])
        on conflict (issuer_id) do update set version = excluded.version, token_ranges = excluded.token_ranges where issuer.version < excluded.version`,
      values: [
        rows.map((r) => r.issuerId),
        rows.map((r) => r.version.toString()),
        rows.map((r) => JSON.stringify(r.ranges)),
      ],
    });
  }

  /** Packed profiles of the merchants there are, by id. */
  async profilesOf(merchantIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#queries.query({
      name: 'merchant_profiles',
      text: 'select merchant_id, profile from merchant where merchant_id = any($1::bigint[])',
      values: [merchantIds],
    });
    return new Map(rows.map(([id, profile]) => [defined(id, 'merchant_id'), defined(profile, 'profile')]));
  }

  /** All token ranges there are. */
  async tokenRanges(): Promise<TokenRange[]> {
    const rows = await this.#queries.query({
      name: 'token_ranges',
      text: `select issuer_id, r->>'first', r->>'last', r->>'cardType' from issuer, jsonb_array_elements(token_ranges) r`,
      values: [],
    });
    return rows.map(rangeOf);
  }
}

const rangeOf = ([issuerId, first, last, cardType]: Row): TokenRange => ({
  issuerId: defined(issuerId, 'issuer_id'),
  first: defined(first, 'first'),
  last: defined(last, 'last'),
  cardType: cardType === 'debit' ? 'debit' : 'credit',
});

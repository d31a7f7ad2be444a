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

  /** The merchants that there are. */
  async merchantsOf(merchantIds: readonly string[]): Promise<MerchantRow[]> {
    const rows = await this.#queries.query({
      name: 'merchants_by_id',
      text: 'select merchant_id, version, profile from merchant where merchant_id = any($1::bigint[])',
      values: [merchantIds],
    });
    return rows.map(merchantOf);
  }

  /** All merchants, a page at a time; a change meanwhile may be in it or not. */
  async *merchantPages(pageSize: number): AsyncGenerator<MerchantRow[]> {
    for (let after = '0'; ;) {
      const rows = await this.#queries.query({
        name: 'merchants_page',
        text: 'select merchant_id, version, profile from merchant where merchant_id > $1 order by merchant_id limit $2',
        values: [after, pageSize],
      });
      const last = rows.at(-1)?.[0];
      if (last === undefined || last === null) return;
      yield rows.map(merchantOf);
      after = last;
    }
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

const merchantOf = ([merchantId, version, profile]: Row): MerchantRow => ({
  merchantId: defined(merchantId, 'merchant_id'),
  version: BigInt(defined(version, 'version')),
  profile: defined(profile, 'profile'),
});

const rangeOf = ([issuerId, first, last, cardType]: Row): TokenRange => ({
  issuerId: defined(issuerId, 'issuer_id'),
  first: defined(first, 'first'),
  last: defined(last, 'last'),
  cardType: cardType === 'debit' ? 'debit' : 'credit',
});

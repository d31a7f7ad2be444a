import type { Database } from '@fourway/platform-postgres';

/** A service's own copy of one type of entity. */
export interface Projection {
  readonly table: string;
  readonly type: 'merchant' | 'issuer' | 'fee_contract';
  /** Rows of `table` as they are counted: one an entity, its newest version. */
  readonly rows: string;
}

/** What is in a projection; versions only grow, so their sum tells one state from an earlier one. */
export interface Projected {
  readonly count: number;
  readonly versions: bigint;
}

const projections: readonly Projection[] = [
  { table: 'routing.issuer', type: 'issuer', rows: 'select version from routing.issuer' },
  {
    table: 'settlement.fee_contract',
    type: 'fee_contract',
    rows: 'select max(version) as version from settlement.fee_contract group by fee_contract_id',
  },
  { table: 'routing.merchant', type: 'merchant', rows: 'select version from routing.merchant' },
  { table: 'payment.merchant', type: 'merchant', rows: 'select version from payment.merchant' },
];

/** The projections that the services of this database have. */
export async function projectionsOf(database: Database): Promise<readonly Projection[]> {
  const rows = await database.query({
    name: 'projections',
    text: 'select name from unnest($1::text[]) name where to_regclass(name) is not null',
    values: [projections.map(({ table }) => table)],
  });
  const tables = new Set(rows.map(([name]) => name));
  return projections.filter(({ table }) => tables.has(table));
}

/** @param fromVersion only entities of this version or a later one count */
export async function readProjection(
  database: Database,
  { table, rows }: Projection,
  fromVersion: bigint,
): Promise<Projected> {
  const [row = []] = await database.query({
    name: `projected ${table}`,
    text: `select count(*), coalesce(sum(version), 0) from (${rows}) entity where version >= $1`,
    values: [String(fromVersion)],
  });
  return projectedOf(row);
}

export const projectedOf = ([count, versions]: readonly (string | null)[]): Projected => ({
  count: Number(count),
  versions: BigInt(versions ?? '0'),
});

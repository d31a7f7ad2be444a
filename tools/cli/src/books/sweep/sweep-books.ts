import { defined, SwitchError, uuidV7Floor } from '@fourway/kernel';
import { Database, type Row } from '@fourway/platform-postgres';
import { differenceOf, type SweepDifference } from './sweep-difference.ts';
import { compareText, sliceEndText, type SweptTables } from './sweep-statement.ts';

export interface SweepOptions {
  /** URL of a role that may read all schemas. */
  readonly postgresUrl: string;
  /** `YYYY-MM-DD`, UTC, of the operation ids. */
  readonly day: string;
  /** A claim may be undecided, and an approval unposted, for so long, seconds. Default 120. */
  readonly graceSeconds?: number;
  /** Rows of a table compared by one statement. Default 100,000. */
  readonly sliceRows?: number;
  /** Told how many operations are compared, after every slice. */
  readonly report?: (compared: number) => void;
}

export interface SweepReport extends SweptTables {
  readonly agree: boolean;
  readonly day: string;
  readonly claims: number;
  readonly outcomes: number;
  readonly facts: number;
  readonly differenceCount: number;
  /** The first thousand, by operation id. */
  readonly differences: readonly SweepDifference[];
  readonly durationSeconds: number;
}

const dayMs = 86_400_000;
const shownDifferences = 1_000;

/**
 * Compares the claims, outcomes and facts of a day. Postgres compares a slice of ids at a time and sends what is wrong, so neither it nor
 * we ever hold a day.
 * @throws SwitchError `config_invalid` where `day` is no date
 */
export async function sweepBooks(options: SweepOptions): Promise<SweepReport> {
  const startedMs = performance.now();
  const bounds = boundsOf(options.day);
  const database = new Database({
    ...{ url: options.postgresUrl, applicationName: 'fourway-sweep', maxConnections: 1, statementTimeoutMs: 600_000 },
  });
  try {
    const tables = await sweptTables(database, options.day);
    const swept = await sweepSlices(database, { ...options, ...bounds, tables });
    return {
      ...{ agree: swept.differenceCount === 0, day: options.day, ...tables, ...swept },
      durationSeconds: Math.round(performance.now() - startedMs) / 1_000,
    };
  } finally {
    await database.close();
  }
}

function boundsOf(day: string): { readonly first: string; readonly end: string } {
  const beginMs = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : NaN;
  if (Number.isNaN(beginMs) || new Date(beginMs).toISOString().slice(0, 10) !== day)
    throw new SwitchError('config_invalid', `--day is "${day}": give a day of the calendar as YYYY-MM-DD`);
  return { first: uuidV7Floor(beginMs), end: uuidV7Floor(beginMs + dayMs) };
}

/** Claims go weeks before outcomes: a day whose partition is gone has none to compare. */
async function sweptTables(database: Database, day: string): Promise<SweptTables> {
  const [row] = await query(
    database,
    `select (select relkind from pg_class where oid = to_regclass('routing.claim')) = 'r' or to_regclass('routing.claim_' || $1) is not null,
      to_regclass('settlement.fact') is not null`,
    [day.replaceAll('-', '')],
  );
  return { withClaims: row?.[0] === 't', withFacts: row?.[1] === 't' };
}

interface Sweeping extends SweepOptions {
  readonly first: string;
  readonly end: string;
  readonly tables: SweptTables;
}

type Swept = Pick<SweepReport, 'claims' | 'outcomes' | 'facts' | 'differenceCount' | 'differences'>;

async function sweepSlices(database: Database, sweeping: Sweeping): Promise<Swept> {
  const { first, end, tables, graceSeconds = 120, sliceRows = 100_000, report } = sweeping;
  const differences: SweepDifference[] = [];
  let sums = { claims: 0, outcomes: 0, facts: 0, differenceCount: 0 };
  for (let from = first; from < end;) {
    const [sliceEnd] = await query(database, sliceEndText(tables), [from, end, sliceRows]);
    const to = sliceEnd?.[0] ?? end;
    const room = shownDifferences - differences.length;
    const [counts, ...found] = await query(database, compareText(tables), [from, to, graceSeconds, graceSeconds, room]);
    sums = sumOf(sums, defined(counts, 'counts of a slice'));
    differences.push(...found.map(differenceOf));
    report?.(Math.max(sums.claims, sums.outcomes));
    from = to;
  }
  return { ...sums, differences };
}

type Sums = Omit<Swept, 'differences'>;

const sumOf = (sums: Sums, [claims, outcomes, facts, differences]: Row): Sums => ({
  claims: sums.claims + Number(claims),
  outcomes: sums.outcomes + Number(outcomes),
  facts: sums.facts + Number(facts),
  differenceCount: sums.differenceCount + Number(differences),
});

const query = (database: Database, text: string, values: readonly unknown[]): Promise<Row[]> =>
  database.query({ name: '', text, values });

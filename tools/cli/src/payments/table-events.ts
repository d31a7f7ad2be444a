import { Database, type Row } from '@fourway/platform-postgres';
import type { StoryEvent } from './story-event.ts';

interface TableQuery {
  readonly source: string;
  /** First column: milliseconds. The others are told with their names. */
  readonly text: string;
  readonly names: readonly string[];
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const tableQueries: readonly TableQuery[] = [
  {
    source: 'routing.claim',
    text: `select ${ms('claimed_at')}, acquirer_id, fee_contract_id, writer from routing.claim where operation_id = $1`,
    names: ['acquirer', 'fee contract', 'writer'],
  },
  {
    source: 'routing.parked',
    text: `select ${ms('due_at')}, source_topic, source_partition, source_offset from routing.parked where operation_id = $1`,
    names: ['topic', 'partition', 'offset'],
  },
  {
    source: 'routing.outcome',
    text: `select ${ms('decided_at')}, status, response_code, amount_minor, currency, acquirer_id, rrn, business_date from routing.outcome where operation_id = $1`,
    names: ['status', 'code', 'amount', 'currency', 'acquirer', 'RRN', 'business date'],
  },
  {
    source: 'routing.payment_totals',
    text: `select null, state, authorized_minor, captured_minor, refunded_minor, voided_minor, nullif(reserved_minor, 0), in_flight, sequence
      from routing.payment_totals where root_id = $1`,
    names: ['state', 'authorized', 'captured', 'refunded', 'voided', 'reserved', 'in flight', 'operations'],
  },
  {
    source: 'routing.reversal',
    text: `select ${ms('created_at')}, reason, acquirer_id, rrn, state, tries, response_code, acknowledged_at from routing.reversal where operation_id = $1`,
    names: ['reason', 'acquirer', 'RRN', 'state', 'tries', 'code', 'acknowledged'],
  },
  {
    source: 'settlement.fact',
    text: `select null, gross, mdr, issuer_fee, network_fee_issuer, network_fee_acquirer, acquirer_margin, provider_share, agent_share, business_date
      from settlement.fact where operation_id = $1`,
    names: [
      'gross',
      'mdr',
      'issuer',
      'network (issuer)',
      'network (acquirer)',
      'acquirer',
      'provider',
      'agent',
      'business date',
    ],
  },
];

/** What the tables of all services hold of an operation. */
export async function tableEvents(operationId: string, postgresUrl: string): Promise<StoryEvent[]> {
  const database = new Database({ url: postgresUrl, applicationName: 'fourway-cli', maxConnections: 1 });
  try {
    const events: StoryEvent[] = [];
    for (const query of tableQueries) {
      if (!(await exists(database, query.source))) continue;
      const rows = await database.query({ name: '', text: query.text, values: [operationId] });
      // The ledger keeps no time of day: a fact follows the outcome it was made from.
      const lastMs = Math.max(0, ...events.map(({ atMs }) => atMs));
      events.push(...rows.map((row) => tableEvent(query, row, lastMs)));
    }
    return events;
  } finally {
    await database.close();
  }
}

async function exists(database: Database, table: string): Promise<boolean> {
  const [row] = await database.query({ name: '', text: 'select to_regclass($1)', values: [table] });
  return row?.[0] !== null && row !== undefined;
}

function tableEvent({ source, names }: TableQuery, [at, ...columns]: Row, lastMs: number): StoryEvent {
  const what = names
    .flatMap((name, i) => (columns[i] === null || columns[i] === '' ? [] : [`${name} ${columns[i]}`]))
    .join(', ');
  return { atMs: at === null || at === undefined ? lastMs : Number(at), isTimed: at !== null, source, what };
}

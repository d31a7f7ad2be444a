import { uuidV7 } from '@fourway/kernel';
import { Database, migrate, type Row } from '@fourway/platform-postgres';
import { freshDatabase } from '@fourway/testing';
import { migrations } from '../migrations/index.ts';
import { ensureIdPartitions } from './id-partitions.ts';

export const dayMs = 86_400_000;

/** Routing's schema in a database of its own, with today's partitions. */
export interface RoutingDatabase {
  readonly database: Database;
  /** A connection of its own for whoever asks, as retention has. */
  readonly open: () => Database;
  sql(text: string, values?: readonly unknown[]): Promise<Row[]>;
  one(text: string): Promise<string | null | undefined>;
  /** Claims that are decided, or left open. */
  decided(ids: readonly string[]): Promise<void>;
  claimed(ids: readonly string[]): Promise<void>;
  parked(operationId: string, rootId?: string): Promise<void>;
  reversal(operationId: string, state: 'pending' | 'acknowledged'): Promise<void>;
  close(): Promise<void>;
}

export async function routingDatabase(): Promise<RoutingDatabase> {
  const fresh = await freshDatabase('retention');
  const url = new URL(fresh.url);
  url.searchParams.set('options', '-c search_path=routing');
  const open = (): Database => new Database({ url: url.href, applicationName: 'retention-spec', maxConnections: 1 });
  const database = new Database({ url: url.href, applicationName: 'retention-spec', maxConnections: 6 });
  const sql = (text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    database.query({ name: '', text, values });
  await sql('create schema routing');
  await migrate({ url: url.href, schema: 'routing', migrations });
  await ensureIdPartitions(database, { claimHorizonDays: 35 });
  const claimed = async (ids: readonly string[]): Promise<void> => {
    await sql(
      `insert into claim (operation_id, fingerprint, merchant_id, writer, fee_contract_id, acquirer_id, claimed_at)
        select id, decode(repeat('00', 16), 'hex'), 1, 1, 1, '48020000', now() - interval '1 hour' from unnest($1::uuid[]) u (id)`,
      [ids],
    );
  };
  return {
    ...{ database, open, sql, claimed },
    one: async (text) => (await sql(text))[0]?.[0],
    decided: async (ids) => {
      await claimed(ids);
      await sql(
        `insert into outcome (operation_id, merchant_id, amount_minor, requested_at, business_date, fee_contract_id, sequence, kind, status,
            response_code, currency, acquirer_id, issuer_id, card_type, rrn, auth_code, terminal_id, scenario, merchant_order_no)
          select id, 1, 100, now(), current_date, 1, 1, 'sale', 'approved', '00', 'CNY', '48020000', '01020000', 'debit', '', '', '', '', ''
          from unnest($1::uuid[]) u (id)`,
        [ids],
      );
    },
    parked: async (operationId, rootId = operationId) => {
      await sql(
        `insert into parked (source_topic, source_partition, source_offset, root_id, operation_id, record, due_at)
          select 't', 0, count(*), $2, $1, '', now() from parked`,
        [operationId, rootId],
      );
    },
    reversal: async (operationId, state) => {
      await sql(
        `insert into reversal (operation_id, attempt_no, acquirer_id, rrn, amount_minor, currency, card_token, merchant_id, terminal_id, mcc, reason, state)
          values ($1, 1, '48020000', '', 100, 'CNY', '', 1, '', '', 'no_answer', $2)`,
        [operationId, state],
      );
    },
    close: async () => {
      await database.close();
      await fresh.drop();
    },
  };
}

let serial = 0;

/** An id whose time is so many days ago. */
export function idOfAge(days: number): string {
  const random = Buffer.alloc(10);
  random.writeUInt32BE(++serial, 4);
  return uuidV7(Date.now() - days * dayMs, random);
}

/** `YYYYMMDD` of the day an id of that age is in. */
export const dayOfAge = (days: number): string =>
  new Date(Date.now() - days * dayMs).toISOString().slice(0, 10).replaceAll('-', '');

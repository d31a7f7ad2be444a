import type { Database } from '@fourway/platform-postgres';

/** What the services still hold, whatever the topics have lost: it finishes by itself. */
export interface OpenWork {
  /** Rows of acquirer-routing's parked queue. */
  readonly parked: number;
  /** Reversals that their acquirers have not acknowledged. */
  readonly reversals: number;
  /** Payments that qr-payment sends again until they have an outcome. */
  readonly outbox: number;
}

const counts = {
  parked: ['routing.parked', 'select count(*) from routing.parked'],
  reversals: ['routing.reversal', `select count(*) from routing.reversal where state = 'pending'`],
  outbox: ['payment.outbox', 'select count(*) from payment.outbox'],
} as const;

/** Counts it; 0 where a service has no tables. */
export async function countOpenWork(database: Database): Promise<OpenWork> {
  const count = async (what: keyof typeof counts): Promise<number> => {
    const [table, text] = counts[what];
    const [present] = await database.query({ name: '', text: 'select to_regclass($1)', values: [table] });
    if ((present?.[0] ?? null) === null) return 0;
    const [row] = await database.query({ name: '', text, values: [] });
    return Number(row?.[0] ?? 0);
  };
  return { parked: await count('parked'), reversals: await count('reversals'), outbox: await count('outbox') };
}

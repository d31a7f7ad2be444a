import { sleep } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';

const pollMs = 100;
const stalledMs = 30_000;

/** Waits until the ledger has caught up with so many approvals; a ledger that stands still is left to the comparison to judge. */
export async function awaitLedger(postgresUrl: string, approvals: number): Promise<void> {
  const database = new Database({ url: postgresUrl, applicationName: 'fourway-day', maxConnections: 1 });
  try {
    let seen = -1;
    let progressMs = performance.now();
    while (performance.now() - progressMs < stalledMs) {
      const [row] = await database.query({ name: 'facts', text: 'select count(*) from settlement.fact', values: [] });
      const facts = Number(row?.[0] ?? 0);
      if (facts >= approvals) return;
      if (facts > seen) progressMs = performance.now();
      seen = facts;
      await sleep(pollMs);
    }
  } finally {
    await database.close();
  }
}

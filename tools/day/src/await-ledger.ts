import { sleep } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';

const pollMs = 100;
const stalledMs = 30_000;

/** Waits until the ledger has caught up with what was decided; a ledger that stands still is left to the comparison to judge. */
export async function awaitLedger(postgresUrl: string): Promise<void> {
  const database = new Database({ url: postgresUrl, applicationName: 'fourway-day', maxConnections: 1 });
  try {
    const approvals = await postingApprovals(database);
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

/** Approvals that post: an authorization does not, nor does what releases one. */
async function postingApprovals(database: Database): Promise<number> {
  const [row] = await database.query({
    name: 'posting-approvals',
    text: `select count(*) from routing.outcome
      where status = 'approved' and kind <> 'authorize' and original_kind is distinct from 'authorize'`,
    values: [],
  });
  return Number(row?.[0] ?? 0);
}

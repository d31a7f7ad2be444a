import { defined, sleep, SwitchError } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { readCycleRecord, type CycleRecord } from '@fourway/settlement-files';

const pollMs = 100;
const stalledMs = 120_000;

/** Works on a database of its own connection. */
export async function withDatabase<T>(postgresUrl: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database({ url: postgresUrl, applicationName: 'fourway-cycle', maxConnections: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * Ends the business date that is open now, before its calendar day does; the services do the rest.
 * @returns the date, which is the id of the cycle that closes
 */
export const closeCycle = (postgresUrl: string): Promise<string> =>
  withDatabase(postgresUrl, async (database) => {
    const [row] = await database.query({ name: '', text: `select routing.request_cut('operator')`, values: [] });
    return defined(row?.[0], 'business date');
  });

/**
 * Resolves when the cycle's files are written and settlement.cycles.v1 tells of them.
 * @param stalledAfterMs how long one step may take
 * @throws SwitchError `stalled`, naming the step that is not taken
 */
export const awaitCycle = (
  postgresUrl: string,
  cycleId: string,
  stalledAfterMs: number = stalledMs,
): Promise<CycleRecord> =>
  withDatabase(postgresUrl, async (database) => {
    let last = '';
    for (let sinceMs = performance.now(); ;) {
      const cycle = await readCycleRecord(database, cycleId);
      if (cycle?.state === 'announced') return cycle;
      const step = cycle?.state ?? 'not there';
      if (step !== last) sinceMs = performance.now();
      last = step;
      if (performance.now() - sinceMs > stalledAfterMs)
        throw new SwitchError(
          'stalled',
          `cycle ${cycleId} is ${step} since ${stalledAfterMs / 1_000} s: ${hintOf(step)}`,
        );
      await sleep(pollMs);
    }
  });

function hintOf(step: string): string {
  if (step === 'closed') return 'its files are not written; see the log of settlement';
  if (step === 'filed') return 'the broker has not taken its announcement';
  return 'cut marks are missing; see routing.cut, settlement.cut_mark and the logs of acquirer-routing and settlement';
}

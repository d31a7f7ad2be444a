import { readFileSync } from 'node:fs';
import { sleep } from '@fourway/kernel';
import type { Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/wait-until.ts';

/** How far an operation has come, as others see it. */
export interface Standing {
  readonly scored: boolean;
  readonly claimed: boolean;
  /** The acquirer has it in its book. */
  readonly asked: boolean;
  readonly parked: boolean;
  readonly decided: boolean;
  readonly published: boolean;
  readonly posted: boolean;
}

/** What is known of one operation in every book. */
export interface BookedOperation extends Standing {
  readonly operationId: string;
  /** The outcome's row as text, its time included: another decision would be another text. */
  readonly outcome: string | null;
  readonly fact: string | null;
  /** Requests in the acquirers' books. */
  readonly requests: readonly string[];
}

/** Reads everything about the given operations. */
export async function booked(
  { database, stack, timeline }: Lab,
  operationIds: readonly string[],
): Promise<BookedOperation[]> {
  const wanted = new Set(operationIds);
  const lines = stack().acquirers.flatMap(({ book }) => readFileSync(book, 'latin1').split('\n'));
  const requests = Map.groupBy(
    lines.filter((line) => /^(?:sale|authorization|capture|refund|void)\t/.test(line)),
    (line) => line.split('\t')[1] ?? '',
  );
  const rows = await database.rowsOf(operationIds);
  return rows
    .filter(({ operationId }) => wanted.has(operationId))
    .map((row) => {
      const { operationId, outcome, fact } = row;
      const flight = timeline.flightOf(operationId);
      return {
        ...row,
        requests: requests.get(operationId) ?? [],
        scored: flight?.scoredMs !== undefined,
        asked: requests.has(operationId),
        decided: outcome !== null,
        published: flight?.outcome !== undefined,
        posted: fact !== null,
      };
    });
}

/** Until the topics and books have been read up to now. */
export const readBehindMs = 700;
const seenWithinMs = 8_000;

/**
 * Holds what a breakpoint claims against the books, while the process stands there: what must be true of every operation, and of none.
 * @throws SwitchError `stalled` where it is not so
 */
export async function assertStanding(lab: Lab, held: readonly string[], expected: Partial<Standing>): Promise<void> {
  await sleep(readBehindMs);
  const what = `${held.length} operations that are ${JSON.stringify(expected)}`;
  await waitFor(async () => ((await isStanding(lab, held, expected)) ? true : undefined), {
    what,
    withinMs: seenWithinMs,
  });
}

async function isStanding(lab: Lab, held: readonly string[], expected: Partial<Standing>): Promise<boolean> {
  const operations = await booked(lab, held);
  const isAsExpected = (operation: Standing): boolean =>
    standings.every((name) => expected[name] === undefined || operation[name] === expected[name]);
  return operations.length > 0 && operations.length === held.length && operations.every(isAsExpected);
}

const standings = ['scored', 'claimed', 'asked', 'parked', 'decided', 'published', 'posted'] as const;

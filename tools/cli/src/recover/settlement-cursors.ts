import type { Database } from '@fourway/platform-postgres';
import type { PartitionOffsets } from '@fourway/platform-stream';

/** A cursor of settlement's own that the log does not hold: Kafka's offset only advises it. */
export interface StoppedCursor {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly logStart: bigint;
  readonly logEnd: bigint;
}

/** Settlement's cursors that lie outside their logs; none where it has no tables. */
export async function stoppedCursors(
  database: Database,
  offsets: readonly PartitionOffsets[],
): Promise<StoppedCursor[]> {
  const [present] = await database.query({ name: '', text: `select to_regclass('settlement.cursor')`, values: [] });
  if ((present?.[0] ?? null) === null) return [];
  const rows = await database.query({
    name: '',
    text: 'select topic, partition, next_offset from settlement.cursor order by topic, partition',
    values: [],
  });
  return rows.flatMap(([topic, partition, next]) => {
    const known = offsets.find((of) => of.topic === topic && of.partition === Number(partition));
    const nextOffset = BigInt(next ?? '0');
    if (known === undefined || (nextOffset >= known.logStart && nextOffset <= known.logEnd)) return [];
    const { logStart, logEnd } = known;
    return [{ topic: known.topic, partition: known.partition, nextOffset, logStart, logEnd }];
  });
}

/**
 * Moves each cursor to the start of its log, if it still stands where it was seen: facts that are posted again change nothing.
 * Answers how many it moved.
 */
export async function moveCursors(database: Database, cursors: readonly StoppedCursor[]): Promise<number> {
  let moved = 0;
  for (const { topic, partition, nextOffset, logStart } of cursors) {
    const rows = await database.query({
      name: '',
      text: `update settlement.cursor set next_offset = $4 where topic = $1 and partition = $2 and next_offset = $3 returning 1`,
      values: [topic, partition, nextOffset, logStart],
    });
    moved += rows.length;
  }
  return moved;
}

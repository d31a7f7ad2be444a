import { closeSync, openSync, writeSync } from 'node:fs';
import { decodeOutcome, topics, type Outcome } from '@fourway/contracts';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';
import { Buckets } from './buckets.ts';
import type { OutcomeEntry } from './entries.ts';
import { formatUpstreamLine, upstreamHeader } from './upstream-line.ts';

export interface UpstreamBookRequest {
  readonly brokers: readonly string[];
  /** The file to write. */
  readonly path: string;
  /** Default payments.outcomes.v1. */
  readonly topic?: string;
}

export interface UpstreamBookCount {
  readonly records: number;
  readonly operations: number;
}

/**
 * Reads the outcomes topic from its first record and writes what an upstream knows then, one line an operation. Identical records
 * of an operation are one line; differing ones stay several, for the comparison to find.
 */
export async function writeUpstreamBook({ brokers, path, topic }: UpstreamBookRequest): Promise<UpstreamBookCount> {
  const buckets = new Buckets();
  try {
    const records = await readTopic({
      ...{ brokers, clientId: 'fourway-upstream-book', topic: topic ?? topics.outcomes.name },
      onRecords: (read) => read.forEach((record) => take(record, buckets)),
    });
    return { records, operations: writeBook(path, buckets) };
  } finally {
    buckets.remove();
  }
}

function take({ value, partition, offset }: StreamRecord, buckets: Buckets): void {
  if (value === null) throw new Error(`partition ${partition}, offset ${offset} of the outcomes is empty`);
  const outcome = decodeOutcome(value);
  if (outcome === null) return;
  buckets.add(outcome.operationId, [formatUpstreamLine(entryOf(outcome)).trimEnd().replaceAll('\t', ' ')]);
}

const entryOf = (outcome: Outcome): OutcomeEntry => ({
  ...{ operationId: outcome.operationId, amountMinor: outcome.amountMinor, currency: outcome.currency },
  ...{ status: outcome.status, responseCode: outcome.responseCode, acquirerId: outcome.acquirerId, rrn: outcome.rrn },
  kind: outcome.kind,
});

function writeBook(path: string, buckets: Buckets): number {
  const file = openSync(path, 'w');
  try {
    writeSync(file, upstreamHeader);
    let operations = 0;
    for (const byOperation of buckets.read()) {
      const lines = [...byOperation.values()].flatMap((told) => [...new Set(told.map(([line = '']) => line))]);
      operations += byOperation.size;
      if (lines.length > 0) writeSync(file, `${lines.map((line) => line.replaceAll(' ', '\t')).join('\n')}\n`);
    }
    return operations;
  } finally {
    closeSync(file);
  }
}

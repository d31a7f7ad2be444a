import { decodeOperationScored, decodeOutcome, topics, type OutcomeStatusName } from '@fourway/contracts';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';

/** What risk said of a payment first, and what became of it. */
export interface Decision {
  readonly operationId: string;
  readonly cardToken: string;
  readonly amountMinor: bigint;
  readonly verdict: 'accept' | 'decline';
  readonly reasons: readonly string[];
  /** Milliseconds since the Unix epoch, by the broker's clock. */
  readonly scoredAtMs: number;
  /** By the broker's clock: the time by which windows slide. */
  readonly requestedAtMs: number;
  /** Every outcome that was ever told; one, if all is well. */
  readonly statuses: Set<OutcomeStatusName>;
}

/** Reads every decision on a payment since then out of the topics themselves. */
export async function readDecisions(brokers: readonly string[], sinceMs: number): Promise<readonly Decision[]> {
  const requestedAt = new Map<string, number>();
  const decisions = new Map<string, Decision>();
  const read = (topic: string, onRecord: (record: StreamRecord) => void): Promise<number> =>
    readTopic({
      ...{ brokers, topic, sinceMs, clientId: 'fourway-faults' },
      onRecords: (records) => records.forEach(onRecord),
    });
  // A sale is its own root, and the root is the key.
  await read(topics.requested.name, ({ key, timestampMs }) => {
    if (!requestedAt.has(String(key))) requestedAt.set(String(key), timestampMs);
  });
  await read(topics.scored.name, ({ value, timestampMs }) => {
    if (value === null) return;
    const { operation, verdict, reasons } = decodeOperationScored(value);
    const { operationId, rootId, cardToken, amountMinor } = operation;
    // Captures and refunds are of payments that were counted, and take no room of their own.
    if (operationId !== rootId) return;
    // The first scored record that is claimed is the score; those of one operation are in one partition.
    if (decisions.has(operationId)) return;
    const requestedAtMs = requestedAt.get(operationId) ?? timestampMs;
    decisions.set(operationId, {
      ...{ operationId, cardToken, amountMinor, verdict, reasons, requestedAtMs },
      ...{ scoredAtMs: timestampMs, statuses: new Set() },
    });
  });
  await read(topics.outcomes.name, ({ value }) => {
    const outcome = value === null ? null : decodeOutcome(value);
    if (outcome !== null) decisions.get(outcome.operationId)?.statuses.add(outcome.status);
  });
  return [...decisions.values()];
}

import { decodeOperationScored, fingerprintOf } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import { BatchStage } from '@fourway/platform-resilience';
import type { StreamBatch, StreamRecord } from '@fourway/platform-stream';
import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import type { Incoming } from '../operation.ts';
import type { LeasedRecord, ParkedRecord, ParkedRepository } from '../park-operation/parked.repository.ts';
import type { FollowUpEntry } from './follow-up-entry.ts';
import type { FollowUpHandler } from './follow-up.handler.ts';

export interface TakeUpFollowUpsDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly parked: Pick<ParkedRepository, 'removeRecords'>;
  readonly followUps: FollowUpHandler;
  readonly onFatal: (error: unknown) => void;
}

/** Opens parked operations on payments again, in the order of their records. */
export class TakeUpFollowUps {
  readonly #with: TakeUpFollowUpsDependencies;
  readonly #refused: BatchStage<ParkedRecord>;

  constructor(dependencies: TakeUpFollowUpsDependencies) {
    this.#with = dependencies;
    this.#refused = new BatchStage({
      work: (records) => dependencies.parked.removeRecords(records),
      maxBatch: 500,
      maxInFlight: 1,
      minIntervalMs: 20,
      onError: dependencies.onFatal,
    });
  }

  takeUp(leased: readonly LeasedRecord[]): void {
    const { open, clock, followUps } = this.#with;
    const nowMs = clock.nowMs();
    // Still open here: its own deadline decides it, and its publication takes the row away.
    const orphaned = leased.filter(({ operationId }) => open.get(operationId) === undefined);
    const entries: FollowUpEntry[] = [];
    for (const row of orphaned.toSorted((a, b) => Number(a.offset - b.offset))) {
      const operation = open.admit(this.#incomingOf(row), nowMs);
      if (operation === null) continue;
      operation.parkedAtMs = row.leasedAtMs;
      entries.push({ operation, isFromQueue: true });
    }
    followUps.take(entries);
  }

  #incomingOf(row: ParkedRecord): Incoming {
    const { topic, partition, offset, value } = row;
    const scored = decodeOperationScored(value);
    const record: StreamRecord = {
      topic,
      partition,
      offset,
      value,
      key: null,
      headers: {},
      timestampMs: scored.scoredAtMs,
    };
    const fingerprint = fingerprintOf(scored.operation);
    // No batch waits for it. Its row goes with its outcome, and by itself where it is refused: as another body, or with its operation, which is
    // closed by then.
    const batch: StreamBatch = {
      records: [],
      turn: Promise.resolve(),
      done: () => {
        const operation = this.#with.open.get(row.operationId);
        if (operation === undefined || isOtherBody(operation, fingerprint)) this.#refused.push([row]);
      },
      deadLetter: () => undefined,
    };
    return { record, batch, scored, fingerprint };
  }
}

const isOtherBody = ({ fingerprint }: OpenOperation, ofRecord: string): boolean =>
  fingerprint !== null && fingerprint !== ofRecord;

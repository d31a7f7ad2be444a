import { defined, type Clock } from '@fourway/kernel';
import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import type { AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { Incoming } from '../operation.ts';
import type { ParkedRecord, ParkedRepository } from './parked.repository.ts';

export interface ParkOperationDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly parked: ParkedRepository;
  readonly answers: AnswerOperations;
  /** An operation that holds an offset back for longer is parked, milliseconds. */
  readonly parkAfterMs: number;
  /** From a claim to the time when its owner must have decided it, milliseconds: send window, answer time and a margin. */
  readonly takeUpAfterMs: number;
  /** With so many operations open, nothing more is parked. */
  readonly mostOpen: number;
  readonly onFatal: (error: unknown) => void;
}

export interface ClaimedElsewhere {
  readonly operation: OpenOperation;
  /** Milliseconds since the Unix epoch. */
  readonly claimedAtMs: number;
}

/** Lets offsets pass operations that take long: a row in `parked` keeps each of them instead. */
export class ParkOperationHandler {
  readonly #with: ParkOperationDependencies;

  constructor(dependencies: ParkOperationDependencies) {
    this.#with = dependencies;
  }

  /** Parks operations that another process has claimed and may still decide, until that process must have done so. */
  parkUntilTakenUp(claimed: readonly ClaimedElsewhere[]): void {
    for (const { operation } of claimed) this.#with.open.close(operation);
    this.#park(
      claimed.map(({ operation, claimedAtMs }) => ({ operation, dueAtMs: claimedAtMs + this.#with.takeUpAfterMs })),
    ).catch(this.#with.onFatal);
  }

  /** Parks our own calls that an acquirer keeps waiting. */
  async parkSlowCalls(): Promise<void> {
    const { clock, open, parkAfterMs, takeUpAfterMs, mostOpen } = this.#with;
    // A parked operation stays open here. When so many are that no acquirer can be the cause, outcomes are not being stored: without offsets held
    // back the whole backlog would come into memory behind them.
    if (open.size >= mostOpen) return;
    const slow = open.holdingSince(clock.nowMs() - parkAfterMs);
    const rows = await this.#park(
      slow.map((operation) => ({ operation, dueAtMs: operation.claimedAtMs + takeUpAfterMs })),
    );
    // Answered while its row was written: nobody would take the row away, and it would be answered once more.
    const answered = new Set(
      slow.filter((each) => open.get(each.operationId) !== each).map((each) => each.operationId),
    );
    await this.#with.parked.removeRecords(rows.filter(({ operationId }) => answered.has(operationId)));
  }

  async #park(
    slow: readonly { readonly operation: OpenOperation; readonly dueAtMs: number }[],
  ): Promise<ParkedRecord[]> {
    const holding = slow.map(({ operation, dueAtMs }) => {
      this.#with.answers.refuseConflicts(operation);
      // A copy: what joins while the row is written is not covered by it.
      return { operation, dueAtMs, sources: [...operation.sources] };
    });
    // The row of the first record keeps them all: they are answered with one outcome. A row from before does not: whoever else has decided
    // the operation meanwhile may have taken it away, and these came after that.
    const rows = holding.flatMap(({ dueAtMs, sources: [first] }) =>
      first === undefined ? [] : [{ ...parkedRecordOf(first), dueAtMs }],
    );
    if (rows.length === 0) return [];
    const parkedAtMs = await this.#with.parked.park(rows);
    for (const { operation, sources } of holding) {
      if (sources.length === 0) continue;
      operation.parkedAtMs = parkedAtMs;
      operation.sources = operation.sources.filter((source) => !sources.includes(source));
      for (const { batch, record } of sources) batch.done(record);
    }
    return rows;
  }
}

const parkedRecordOf = ({ record, scored }: Incoming): ParkedRecord => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  rootId: scored.operation.rootId,
  operationId: scored.operation.operationId,
  value: defined(record.value, 'record value'),
});

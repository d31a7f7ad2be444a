import { encodeOutcome, encodeRefusal, refusalOf, topics } from '@fourway/contracts';
import type { Clock, FieldError } from '@fourway/kernel';
import type { EventMessage } from '@fourway/platform-stream';
import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import type { Publisher } from '../engines.ts';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Incoming } from '../operation.ts';
import type { AnsweredOperation } from '../park-operation/parked.repository.ts';

export interface AnswerDependencies {
  readonly clock: Clock;
  readonly producer: Publisher;
  readonly open: OpenOperations;
  /** Takes operations off the parked queue. */
  readonly unpark: (operations: readonly AnsweredOperation[]) => Promise<void>;
  /** An answer that cannot be given: the process cannot go on. */
  readonly onFatal: (error: unknown) => void;
  readonly onAnswered: (outcomes: readonly StoredOutcome[]) => void;
  readonly onRefused: (code: string, count: number) => void;
}

export interface Answer {
  readonly operation: OpenOperation;
  readonly outcome: StoredOutcome;
}

/** Publishes what was decided or refused; only an acknowledged answer lets an offset pass. */
export class AnswerOperations {
  readonly #with: AnswerDependencies;

  constructor(dependencies: AnswerDependencies) {
    this.#with = dependencies;
  }

  /** Publishes stored outcomes, lets the records go that waited for them, and closes their operations. */
  publish(answers: readonly Answer[]): void {
    if (answers.length > 0) this.#publish(answers).catch(this.#with.onFatal);
  }

  async #publish(answers: readonly Answer[]): Promise<void> {
    const { producer, onAnswered } = this.#with;
    const served = answers.map((answer) => ({ ...answer, sources: this.#takeSources(answer.operation) }));
    await producer.send(
      topics.outcomes.name,
      answers.map(({ outcome }) => outcomeMessage(outcome)),
    );
    for (const { sources } of served) for (const { batch, record } of sources) batch.done(record);
    onAnswered(answers.map(({ outcome }) => outcome));
    await this.#unpark(answers);
    this.publish(this.#closeOrRepeat(answers));
  }

  #takeSources(operation: OpenOperation): Incoming[] {
    this.refuseConflicts(operation);
    const { sources } = operation;
    operation.sources = [];
    operation.isAnswering = true;
    return sources;
  }

  async #unpark(answers: readonly Answer[]): Promise<void> {
    const parked = answers.flatMap(({ operation, outcome }) => {
      const { operationId, fingerprint, parkedAtMs } = operation;
      if (parkedAtMs === null) return [];
      operation.parkedAtMs = null;
      return [{ operationId, fingerprint, beforeMs: Math.max(parkedAtMs, outcome.decidedAtMs) }];
    });
    if (parked.length > 0) await this.#with.unpark(parked);
  }

  /** A copy that joined while the answer was on its way may have been sent because of it: it gets the answer again. */
  #closeOrRepeat(answers: readonly Answer[]): Answer[] {
    return answers.filter(({ operation }) => {
      this.refuseConflicts(operation);
      if (operation.sources.length > 0) return true;
      this.#with.open.close(operation);
      return false;
    });
  }

  /** Refuses the records that carry another body than the claimed one, so far. */
  refuseConflicts(operation: OpenOperation): void {
    const { fingerprint, sources } = operation;
    if (sources.every((source) => source.fingerprint === fingerprint)) return;
    operation.sources = sources.filter((source) => source.fingerprint === fingerprint);
    this.#refuse(
      sources.filter((source) => source.fingerprint !== fingerprint),
      conflict,
    );
  }

  /** Refuses an operation that was never claimed and closes it; returns the records with another body, which stand on their own. */
  refuse(operation: OpenOperation, fingerprint: string, error: FieldError): Incoming[] {
    this.#with.open.close(operation);
    this.#refuse(
      operation.sources.filter((source) => source.fingerprint === fingerprint),
      error,
    );
    return operation.sources.filter((source) => source.fingerprint !== fingerprint);
  }

  #refuse(refused: readonly Incoming[], error: FieldError): void {
    const { producer, clock, onRefused, onFatal } = this.#with;
    const refusedAtMs = clock.nowMs();
    const messages = refused.map(({ scored }) => {
      const { operation, sourcePartition, sourceOffset } = scored;
      return {
        key: operation.eventId,
        value: encodeRefusal(refusalOf(operation, error, { sourcePartition, sourceOffset, refusedAtMs })),
      };
    });
    const send = async (): Promise<void> => {
      await producer.send(topics.refused.name, messages);
      for (const { batch, record } of refused) batch.done(record);
      onRefused(error.code, refused.length);
    };
    send().catch(onFatal);
  }
}

/** The record of an outcome: made of the stored row alone, so every copy is the same bytes. */
export const outcomeMessage = (outcome: StoredOutcome): EventMessage => ({
  key: outcome.merchantId,
  value: encodeOutcome(outcome),
});

const conflict: FieldError = {
  code: 'conflict',
  field: 'operation_id',
  rule: 'an operation id stands for one request; this one was used before with other business fields',
  remedy: 'send the new request under a new operation id, or repeat the first one unchanged',
};

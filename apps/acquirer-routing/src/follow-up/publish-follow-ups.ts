import { topics } from '@fourway/contracts';
import { outcomeMessage, type Answer, type AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Publisher } from '../engines.ts';

export interface PublishFollowUpsDependencies {
  readonly producer: Publisher;
  readonly answers: AnswerOperations;
  readonly onFatal: (error: unknown) => void;
}

export interface FollowUpAnswer extends Answer {
  /** Present where whoever decided the root may not have published its outcome yet, and nobody was asked. */
  readonly rootBefore?: StoredOutcome | null;
}

/** Publishes outcomes of operations on payments, never before that of their root: readers find no gap in a payment's sequence. */
export class PublishFollowUps {
  readonly #with: PublishFollowUpsDependencies;

  constructor(dependencies: PublishFollowUpsDependencies) {
    this.#with = dependencies;
  }

  publish(published: readonly FollowUpAnswer[]): void {
    // Only the first one can come before it: the others wait until that one is published.
    const roots = published.flatMap((answer) => (answer.outcome.sequence === 2 ? (rootBefore(answer) ?? []) : []));
    if (roots.length === 0) this.#with.answers.publish(published);
    else this.#after(roots.map(outcomeMessage), published).catch(this.#with.onFatal);
  }

  async #after(roots: Parameters<Publisher['send']>[1], published: readonly FollowUpAnswer[]): Promise<void> {
    // A second copy of an outcome is the same bytes and changes nothing.
    await this.#with.producer.send(topics.outcomes.name, roots);
    this.#with.answers.publish(published);
  }
}

function rootBefore({ operation, rootBefore: root }: FollowUpAnswer): StoredOutcome | null {
  const onPayment = operation.attempt?.onPayment;
  return onPayment?.mayPrecedeRoot === true ? onPayment.root : (root ?? null);
}

import { topics } from '@fourway/contracts';
import { outcomeMessage, type Answer, type AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { Publisher } from '../engines.ts';

export interface PublishFollowUpsDependencies {
  readonly producer: Publisher;
  readonly answers: AnswerOperations;
  readonly onFatal: (error: unknown) => void;
}

/** Publishes outcomes of operations on payments, never before that of their root: readers find no gap in a payment's sequence. */
export class PublishFollowUps {
  readonly #with: PublishFollowUpsDependencies;

  constructor(dependencies: PublishFollowUpsDependencies) {
    this.#with = dependencies;
  }

  publish(published: readonly Answer[]): void {
    const roots = published.flatMap(({ operation, outcome }) => {
      const onPayment = operation.attempt?.onPayment;
      // Only the first one can come before it: the others wait until that one is published.
      return onPayment?.mayPrecedeRoot === true && outcome.sequence === 2 ? [onPayment.root] : [];
    });
    if (roots.length === 0) this.#with.answers.publish(published);
    else this.#after(roots.map(outcomeMessage), published).catch(this.#with.onFatal);
  }

  async #after(roots: Parameters<Publisher['send']>[1], published: readonly Answer[]): Promise<void> {
    // A second copy of an outcome is the same bytes and changes nothing.
    await this.#with.producer.send(topics.outcomes.name, roots);
    this.#with.answers.publish(published);
  }
}

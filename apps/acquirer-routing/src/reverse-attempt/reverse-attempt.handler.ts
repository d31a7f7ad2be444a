import type { AcquirerLinks } from '../acquirers/acquirer-links.ts';
import type { ReversalAcknowledgement, ReversalRepository } from './reversal.repository.ts';
import { isReversalDone } from '@fourway/routing';

const takeLimit = 500;

/** Sends every reversal until its acquirer acknowledges it: 0420 once, 0421 from then on. */
export class ReverseAttemptHandler {
  readonly #reversals: ReversalRepository;
  readonly #links: AcquirerLinks;

  constructor(reversals: ReversalRepository, links: AcquirerLinks) {
    this.#reversals = reversals;
    this.#links = links;
  }

  /** Sends what is due. */
  async sendDue(): Promise<void> {
    const due = await this.#reversals.takeDue(takeLimit);
    for (const [acquirerId, group] of Map.groupBy(due, (reversal) => reversal.acquirerId)) {
      this.#links.reverse(
        acquirerId,
        group.map((reversal) => ({ ...reversal, repeat: reversal.tries > 0 })),
      );
    }
  }

  /** Records 0430s; one that does not say the money is back leaves its reversal due again. */
  acknowledged(answers: readonly ReversalAcknowledgement[]): Promise<void> {
    return this.#reversals.acknowledge(answers.filter(({ responseCode }) => isReversalDone(responseCode)));
  }
}

import type { AcquirerLinks } from '../acquirers/acquirer-links.ts';
import type { ReversalRepository } from './reversal.repository.ts';

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
}

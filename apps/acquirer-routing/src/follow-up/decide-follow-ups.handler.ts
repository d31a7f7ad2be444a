import { defined, type Clock } from '@fourway/kernel';
import { BatchStage } from '@fourway/platform-resilience';
import { endingOf, isApproval, rrnOf, type Decision } from '../decide-outcome/decision.ts';
import type { OutcomeRepository } from '../decide-outcome/outcome.repository.ts';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Attempt } from '../operation.ts';
import type { FollowUpOutcomeRepository, FollowUpToStore } from './follow-up-outcome.repository.ts';
import type { OnPayment } from './on-payment.ts';
import { decided, reversalOfFollowUp } from './outcome-of-follow-up.ts';
import type { PaymentPictureRepository } from './payment-picture.repository.ts';
import type { PublishFollowUps } from './publish-follow-ups.ts';

export interface DecideFollowUpsDependencies {
  readonly clock: Clock;
  readonly outcomes: FollowUpOutcomeRepository;
  readonly reversals: Pick<OutcomeRepository, 'reverse'>;
  readonly pictures: PaymentPictureRepository;
  readonly publish: PublishFollowUps;
  readonly onFatal: (error: unknown) => void;
}

/** From an acquirer's answer to an operation on a payment, or its absence, to its one outcome and the payment's totals. */
export class DecideFollowUps {
  readonly #with: DecideFollowUpsDependencies;
  readonly #stage: BatchStage<Decision>;

  constructor(dependencies: DecideFollowUpsDependencies) {
    this.#with = dependencies;
    this.#stage = new BatchStage({
      work: (decisions) => this.#store(decisions),
      maxBatch: 500,
      maxInFlight: 2,
      minIntervalMs: 4,
      onError: dependencies.onFatal,
    });
  }

  decide(decisions: readonly Decision[]): void {
    this.#stage.push(decisions);
  }

  async #store(decisions: readonly Decision[]): Promise<void> {
    const nowMs = this.#with.clock.nowMs();
    const stored = await this.#with.outcomes.store(decisions.map((decision) => toStore(decision, nowMs)));
    const lost = decisions.filter(({ operation }) => !stored.has(operation.operationId));
    const winners = await this.#with.pictures.outcomesOf(lost.map(({ operation }) => operation.operationId));
    const outcomeOf = ({ operation: { operationId } }: Decision): StoredOutcome =>
      defined(stored.get(operationId) ?? winners.get(operationId), 'stored outcome');
    await this.#giveBack(lost.filter((decision) => outcomeOf(decision).status !== 'approved'));
    this.#with.publish.publish(
      decisions.map((decision) => ({ operation: decision.operation, outcome: outcomeOf(decision) })),
    );
  }

  /** An approval that lost to a reversal is money at the acquirer that the totals do not know of. */
  async #giveBack(lost: readonly Decision[]): Promise<void> {
    const approvals = lost.filter(isApproval);
    if (approvals.length === 0) return;
    await this.#with.reversals.reverse(
      approvals.map(({ operation }) => {
        const { attempt, onPayment } = attemptOf(operation);
        return reversalOfFollowUp(attempt, onPayment, 'lost_race');
      }),
    );
  }
}

function attemptOf({ attempt }: Decision['operation']): { readonly attempt: Attempt; readonly onPayment: OnPayment } {
  const asked = defined(attempt, 'attempt of a decided operation');
  return { attempt: asked, onPayment: defined(asked.onPayment, 'payment of a decided operation') };
}

function toStore(decision: Decision, nowMs: number): FollowUpToStore {
  const { attempt, onPayment } = attemptOf(decision.operation);
  const { needsReversal, ...ending } = endingOf(decision, nowMs);
  const reversal = needsReversal ? reversalOfFollowUp(attempt, onPayment, ending.responseCode) : null;
  return { ...decided(attempt, onPayment, { ...ending, rrn: rrnOf(decision) }), reversal };
}

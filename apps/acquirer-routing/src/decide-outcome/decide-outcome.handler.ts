import { defined, type Clock } from '@fourway/kernel';
import { BatchStage } from '@fourway/platform-resilience';
import type { ClaimRepository } from '../authorize-payment/claim.repository.ts';
import type { OpenOperation } from '../authorize-payment/open-operations.ts';
import type { AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { Attempt } from '../operation.ts';
import { endingOf, isApproval, rrnOf, type Decision } from './decision.ts';
import { outcomeOfAttempt, reversalOfAttempt } from './outcome-of-attempt.ts';
import type { OutcomeRepository, OutcomeToStore } from './outcome.repository.ts';
import type { StoredOutcome } from './outcome-row.ts';

export interface DecideOutcomeDependencies {
  readonly clock: Clock;
  readonly outcomes: OutcomeRepository;
  readonly claims: ClaimRepository;
  readonly answers: AnswerOperations;
  readonly onFatal: (error: unknown) => void;
}

/** From an acquirer's answer, or its absence, to the one stored outcome. */
export class DecideOutcomeHandler {
  readonly #with: DecideOutcomeDependencies;
  readonly #stage: BatchStage<Decision>;

  constructor(dependencies: DecideOutcomeDependencies) {
    this.#with = dependencies;
    this.#stage = new BatchStage({
      work: (decisions) => this.#store(decisions),
      maxBatch: 2_000,
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
    // The first outcome stored wins; ours lost to whoever took the operation up, and theirs is published.
    const winners = await this.#with.claims.find(lost.map(({ operation }) => operation.operationId));
    const outcomeOf = ({ operation: { operationId } }: Decision): StoredOutcome =>
      defined(stored.get(operationId) ?? winners.get(operationId)?.outcome, 'stored outcome');
    await this.#giveBack(lost.filter((decision) => outcomeOf(decision).status !== 'approved'));
    this.#with.answers.publish(
      decisions.map((decision) => ({ operation: decision.operation, outcome: outcomeOf(decision) })),
    );
  }

  /** An approval that lost the race to a reversal is money at the acquirer that nobody was told of. */
  async #giveBack(lost: readonly Decision[]): Promise<void> {
    const approvals = lost.filter(isApproval);
    if (approvals.length === 0) return;
    await this.#with.outcomes.reverse(
      approvals.map(({ operation }) => reversalOfAttempt(attemptOf(operation), 'lost_race')),
    );
  }
}

const attemptOf = (operation: OpenOperation): Attempt => defined(operation.attempt, 'attempt of a decided operation');

function toStore(decision: Decision, nowMs: number): OutcomeToStore {
  const attempt = attemptOf(decision.operation);
  const { needsReversal, ...ending } = endingOf(decision, nowMs);
  return {
    outcome: outcomeOfAttempt(attempt, { ...ending, rrn: rrnOf(decision) }),
    reversal: needsReversal ? reversalOfAttempt(attempt, ending.responseCode) : null,
  };
}

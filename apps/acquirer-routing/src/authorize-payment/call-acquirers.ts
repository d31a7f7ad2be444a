import type { Clock } from '@fourway/kernel';
import type { AcquirerLinks, Call } from '../acquirers/acquirer-links.ts';
import type { DecideOutcomeHandler } from '../decide-outcome/decide-outcome.handler.ts';
import type { ClaimRepository } from './claim.repository.ts';

export interface CallAcquirersDependencies {
  readonly clock: Clock;
  readonly claims: Pick<ClaimRepository, 'renew'>;
  readonly links: Pick<AcquirerLinks, 'call'>;
  readonly outcomes: Pick<DecideOutcomeHandler, 'decide'>;
  /** Milliseconds after the claim in which a request may leave. */
  readonly sendWindowMs: number;
  /** Milliseconds after which a claim is not renewed any more, because others may soon take it up. */
  readonly renewableForMs: number;
  readonly onRenewed: (count: number) => void;
}

/** Each renewal that was itself too slow to send under is followed by another one, so often. */
const mostRenewals = 3;

/** Sends requests whose claims are ours, as long as the claims are young enough to send under. */
export class CallAcquirers {
  readonly #with: CallAcquirersDependencies;

  constructor(dependencies: CallAcquirersDependencies) {
    this.#with = dependencies;
  }

  /** What cannot be sent is decided: declined where nothing left, reversed where nobody can know. */
  async call(calls: readonly Call[]): Promise<void> {
    let [young, old] = this.#byAge(calls);
    this.#send(young);
    // A claim that took long to store is still ours, and nothing was sent under it: its time may begin anew.
    for (let round = 1; old.length > 0 && round <= mostRenewals; round++) {
      const [renewed, lost] = await this.#renew(old);
      [young, old] = this.#byAge(renewed);
      this.#send([...young, ...lost]);
    }
    this.#send(old);
  }

  #byAge(calls: readonly Call[]): [young: Call[], old: Call[]] {
    // Half the window, so that what follows in this step stays inside it; the link looks again in the step that writes.
    const youngestMs = this.#with.clock.nowMs() - this.#with.sendWindowMs / 2;
    const young: Call[] = [];
    const old: Call[] = [];
    for (const call of calls) (call.operation.claimedAtMs > youngestMs ? young : old).push(call);
    return [young, old];
  }

  /** Those that could not be renewed keep the time of their claim, by which the link refuses them. */
  async #renew(old: readonly Call[]): Promise<[renewed: Call[], lost: Call[]]> {
    const { claims, clock, renewableForMs, onRenewed } = this.#with;
    const renewedAtMs = clock.nowMs();
    const renewed = await claims.renew(
      old.map(({ operation }) => operation.operationId),
      renewableForMs,
    );
    const isRenewed = ({ operation }: Call): boolean => renewed.has(operation.operationId);
    const ours = old.filter(isRenewed);
    for (const { operation } of ours) operation.claimedAtMs = renewedAtMs;
    onRenewed(ours.length);
    return [ours, old.filter((call) => !isRenewed(call))];
  }

  #send(calls: readonly Call[]): void {
    if (calls.length === 0) return;
    const { notSent, unknown } = this.#with.links.call(calls);
    this.#with.outcomes.decide([
      ...notSent.map((operation) => ({ operation, answer: 'not_sent' as const })),
      ...unknown.map((operation) => ({ operation, answer: 'unknown' as const })),
    ]);
  }
}

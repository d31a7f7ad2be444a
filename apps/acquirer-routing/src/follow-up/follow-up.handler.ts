import type { Clock } from '@fourway/kernel';
import { BatchStage } from '@fourway/platform-resilience';
import type { AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { CallAcquirers } from '../authorize-payment/call-acquirers.ts';
import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { MerchantDirectory } from '../directory/merchant-directory.ts';
import type { Attempt, Incoming } from '../operation.ts';
import type { ParkOperationHandler } from '../park-operation/park-operation.handler.ts';
import { oldestClaimableId } from '../retention/horizons.ts';
import type { DecideFollowUps } from './decide-follow-ups.handler.ts';
import { firstOf, type FollowUpEntry } from './follow-up-entry.ts';
import type { FollowUpClaimRepository } from './follow-up-claim.repository.ts';
import type { ParkFollowUps } from './park-follow-ups.ts';
import { PaymentQueue } from './payment-queue.ts';
import type { PaymentPicture, PaymentPictureRepository } from './payment-picture.repository.ts';
import { planFollowUp, type FollowUpPlan } from './plan-follow-up.ts';
import type { PublishFollowUps } from './publish-follow-ups.ts';

export interface FollowUpDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly directory: MerchantDirectory;
  readonly pictures: PaymentPictureRepository;
  readonly claims: FollowUpClaimRepository;
  /** Ours. */
  readonly writer: string;
  readonly answers: AnswerOperations;
  readonly publish: PublishFollowUps;
  readonly calls: CallAcquirers;
  readonly decide: DecideFollowUps;
  readonly parking: ParkFollowUps;
  readonly parkClaimed: ParkOperationHandler;
  /** Takes a record up anew that shares its id with a refused one. */
  readonly admit: (incoming: readonly Incoming[]) => void;
  /** An operation that waits for longer is parked, milliseconds. */
  readonly parkAfterMs: number;
  /** From a claim to the time when its owner must have decided it, milliseconds. */
  readonly takeUpAfterMs: number;
  /** An id may be claimed until it is so old. */
  readonly claimHorizonDays: number;
  readonly onTakenUp: (count: number) => void;
  readonly onFatal: (error: unknown) => void;
}

interface Planned {
  readonly entry: FollowUpEntry;
  readonly first: Incoming;
  readonly plan: FollowUpPlan;
  /** The root's outcome, where whoever decided it may not have published it yet. */
  readonly rootBefore: StoredOutcome | null;
}

/** Operations on payments: captures, voids, refunds and reversals, one of a payment at a time. */
export class FollowUpHandler {
  readonly #with: FollowUpDependencies;
  readonly #queue: PaymentQueue;
  readonly #stage: BatchStage<FollowUpEntry>;

  constructor(dependencies: FollowUpDependencies) {
    this.#with = dependencies;
    this.#stage = new BatchStage({
      work: (ready) => this.#advance(ready),
      maxBatch: 500,
      maxInFlight: 2,
      minIntervalMs: 2,
      onError: dependencies.onFatal,
    });
    this.#queue = new PaymentQueue(dependencies.open, (entry) => this.#stage.push([entry]));
  }

  /** Takes operations that were just opened; their records are done when they are answered or parked. */
  take(entries: readonly FollowUpEntry[]): void {
    for (const entry of entries) this.#queue.enter(entry);
  }

  /** Parks what waits in memory for another operation of its payment, so that offsets pass it. */
  async parkWaiting(): Promise<void> {
    const { clock, parkAfterMs, parking } = this.#with;
    const waiting = this.#queue.takeWaitingSince(clock.nowMs() - parkAfterMs);
    await parking.park(waiting.map((entry) => ({ entry, isEarly: false })));
  }

  async #advance(ready: readonly FollowUpEntry[]): Promise<void> {
    const entries = ready.filter((entry) => !this.#queue.waitsForRoot(entry));
    if (entries.length === 0) return;
    // 1. What the books say, and what follows from it.
    const planned = await this.#plan(entries);
    // 2. One statement claims what may be done, holds what it needs, and stores what is decided already.
    const claiming = planned.flatMap(({ first, plan }) =>
      plan.kind === 'claim' ? [{ ...plan.claim, incoming: first }] : [],
    );
    const claimedAtMs = this.#with.clock.nowMs();
    const claimed = await this.#with.claims.claim(claiming);
    // 3. Ours: ask the acquirer, or publish. Not ours: the payment has moved, look again.
    const calls: OpenOperation[] = [];
    for (const each of planned) {
      if (each.plan.kind !== 'claim') continue;
      const { operation } = each.entry;
      const mine = claimed.get(operation.operationId);
      if (mine === undefined) this.#stage.push([each.entry]);
      else if (mine.outcome !== null) this.#publish(each, mine.outcome);
      else calls.push(this.#begin(each, each.plan.claim.attempt, claimedAtMs));
    }
    // 4. What is not to be claimed.
    for (const each of planned) this.#resolve(each, calls);
    await this.#with.parking.park(
      planned.flatMap(({ entry, plan }) =>
        plan.kind === 'wait' || plan.kind === 'early' ? [{ entry, isEarly: plan.kind === 'early' }] : [],
      ),
    );
    await this.#with.calls.call(
      calls.flatMap((operation) => (operation.attempt === null ? [] : [{ operation, attempt: operation.attempt }])),
    );
  }

  async #plan(entries: readonly FollowUpEntry[]): Promise<Planned[]> {
    const { directory, pictures, clock, writer, takeUpAfterMs } = this.#with;
    const firsts = entries.map(firstOf);
    const partiesOf = await directory.partiesOf(firsts);
    const seen = await pictures.look(firsts);
    const nowMs = clock.nowMs();
    const oldestId = oldestClaimableId(nowMs, this.#with.claimHorizonDays);
    return entries.flatMap((entry) => {
      const first = firstOf(entry);
      const picture = seen.get(entry.operation.operationId);
      if (picture === undefined) throw new Error(`broken invariant: no picture of ${entry.operation.operationId}`);
      // Opened while we looked: its outcome may be decided and not be published.
      if (this.#isOvertaken(entry, picture)) return [];
      const { isFromQueue } = entry;
      const plan = planFollowUp(first, {
        ...{ picture, parties: partiesOf(first), nowMs, oldestId, writer, isFromQueue, takeUpAfterMs },
      });
      return [{ entry, first, plan, rootBefore: isFromQueue ? (picture.root?.outcome ?? null) : null }];
    });
  }

  #isOvertaken(entry: FollowUpEntry, picture: PaymentPicture): boolean {
    return picture.claim === null && this.#queue.waitsForRoot(entry);
  }

  #begin({ entry: { operation }, first }: Planned, attempt: Attempt | null, claimedAtMs: number): OpenOperation {
    operation.fingerprint = first.fingerprint;
    this.#with.answers.refuseConflicts(operation);
    operation.attempt = attempt;
    operation.claimedAtMs = claimedAtMs;
    return operation;
  }

  #publish({ entry, first, plan, rootBefore }: Planned, outcome: StoredOutcome): void {
    const { operation } = entry;
    operation.fingerprint = plan.kind === 'answer' ? plan.claim.fingerprint : first.fingerprint;
    this.#with.answers.refuseConflicts(operation);
    // What came from the queue is taken off it even where nobody waits in this process.
    if (operation.sources.length === 0 && !entry.isFromQueue) this.#with.open.close(operation);
    else this.#with.publish.publish([{ operation, outcome, rootBefore }]);
  }

  #resolve(each: Planned, calls: OpenOperation[]): void {
    const { answers, admit } = this.#with;
    const { entry, first, plan } = each;
    switch (plan.kind) {
      case 'answer':
        return this.#publish(each, plan.outcome);
      case 'refuse':
        return admit(answers.refuse(entry.operation, first.fingerprint, plan.error));
      case 'elsewhere':
        return this.#leave(each, plan.claim);
      case 'go_on':
      case 'unknown':
        return this.#goOn(each, plan, calls);
      case 'wait':
      case 'early':
      case 'claim':
        return;
    }
  }

  /** Its owner may still decide it. */
  #leave({ entry: { operation } }: Planned, claim: { fingerprint: string; claimedAtMs: number }): void {
    const { answers, open, parkClaimed } = this.#with;
    operation.fingerprint = claim.fingerprint;
    answers.refuseConflicts(operation);
    // What came from the queue has its row, which comes again when its lease ends.
    operation.sources = operation.sources.filter(({ batch }) => batch.records.length > 0);
    if (operation.sources.length === 0) open.close(operation);
    else parkClaimed.parkUntilTakenUp([{ operation, claimedAtMs: claim.claimedAtMs }]);
  }

  #goOn(
    { entry: { operation } }: Planned,
    { kind, claim, attempt }: Extract<FollowUpPlan, { kind: 'go_on' | 'unknown' }>,
    calls: OpenOperation[],
  ): void {
    operation.fingerprint = claim.fingerprint;
    this.#with.answers.refuseConflicts(operation);
    operation.attempt = attempt;
    operation.claimedAtMs = claim.claimedAtMs;
    if (kind === 'go_on') {
      // From a statement whose answer got lost: nothing was sent, and the send window still guards the send.
      calls.push(operation);
      return;
    }
    this.#with.decide.decide([{ operation, answer: 'unknown' }]);
    this.#with.onTakenUp(1);
  }
}

import { decodeOperationScored, fingerprintOf } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import type { StreamBatch } from '@fourway/platform-stream';
import type { AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { ClaimRepository, StoredClaim } from '../authorize-payment/claim.repository.ts';
import type { OpenOperation, OpenOperations } from '../authorize-payment/open-operations.ts';
import type { DecideOutcomeHandler } from '../decide-outcome/decide-outcome.handler.ts';
import type { MerchantDirectory } from '../directory/merchant-directory.ts';
import type { TakeUpFollowUps } from '../follow-up/take-up-follow-ups.ts';
import type { Incoming, Parties } from '../operation.ts';
import type { LeasedRecord, ParkedRecord, ParkedRepository } from './parked.repository.ts';

export interface TakeUpDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly parked: ParkedRepository;
  readonly claims: ClaimRepository;
  readonly directory: MerchantDirectory;
  readonly outcomes: DecideOutcomeHandler;
  readonly answers: AnswerOperations;
  readonly followUps: Pick<TakeUpFollowUps, 'takeUp'>;
  /** From a claim to the time when its owner must have decided it, milliseconds. */
  readonly takeUpAfterMs: number;
  /** With so many operations open, nothing more is taken up. */
  readonly mostOpen: number;
  readonly onTakenUp: (count: number) => void;
  readonly onUnresolved: (operationId: string, reason: string) => void;
}

const leaseLimit = 500;

/** Resolves what is parked past its time: publishes the outcome it has by now, or reverses what nobody can know any more. */
export class TakeUpParkedHandler {
  readonly #with: TakeUpDependencies;

  constructor(dependencies: TakeUpDependencies) {
    this.#with = dependencies;
  }

  /** Works on all due rows, a lease at a time. */
  async takeUp(): Promise<void> {
    while (this.#with.open.size < this.#with.mostOpen) {
      const leased = await this.#with.parked.lease(leaseLimit);
      const roots = leased.filter(({ rootId, operationId }) => rootId === operationId);
      await this.#resolveAll(onePerOperation(roots));
      if (roots.length < leased.length) this.#with.followUps.takeUp(leased.filter((row) => !roots.includes(row)));
      if (leased.length < leaseLimit) return;
    }
  }

  async #resolveAll(due: readonly LeasedRecord[]): Promise<void> {
    const { open, claims, clock } = this.#with;
    // Still open here: its own deadline decides it, and its publication takes the row away.
    const orphaned = due.filter(({ operationId }) => open.get(operationId) === undefined);
    if (orphaned.length === 0) return;
    const rows = orphaned.map((row) => ({ row, source: incomingOf(row) }));
    const stored = await claims.find(orphaned.map(({ operationId }) => operationId));
    const partiesOf = await this.#with.directory.partiesOf(rows.map(({ source }) => source));
    for (const { row, source } of rows) {
      const operation = open.admit(source, clock.nowMs());
      if (operation === null) continue;
      operation.parkedAtMs = row.leasedAtMs;
      this.#resolve(operation, stored.get(row.operationId), () => partiesOf(source));
    }
  }

  #resolve(
    operation: OpenOperation,
    claim: StoredClaim | undefined,
    parties: () => Parties | { readonly code: string },
  ): void {
    const { clock, open, answers, outcomes, takeUpAfterMs, onTakenUp, onUnresolved } = this.#with;
    if (claim?.outcome) {
      operation.fingerprint = claim.fingerprint;
      answers.publish([{ operation, outcome: claim.outcome }]);
      return;
    }
    // Renewed after the row was parked: its owner may still finish it, and the row comes again when its lease ends.
    if (claim !== undefined && claim.claimedAtMs + takeUpAfterMs > clock.nowMs()) {
      open.close(operation);
      return;
    }
    const who = parties();
    const [source] = operation.sources;
    if (claim === undefined || 'code' in who || source === undefined) {
      open.close(operation);
      onUnresolved(operation.operationId, claim === undefined ? 'no claim' : 'code' in who ? who.code : 'no record');
      return;
    }
    operation.fingerprint = claim.fingerprint;
    operation.attempt = {
      ...who,
      scored: source.scored,
      acquirerId: claim.acquirerId,
      feeContractId: claim.feeContractId,
    };
    outcomes.decide([{ operation, answer: 'unknown' }]);
    onTakenUp(1);
  }
}

/** Copies of a request parked at several offsets are one operation. */
const onePerOperation = (rows: readonly LeasedRecord[]): LeasedRecord[] => [
  ...new Map(rows.toReversed().map((row) => [row.operationId, row])).values(),
];

/** A parked record has no batch that waits for it: its offset has passed. */
const noBatch: StreamBatch = {
  records: [],
  turn: Promise.resolve(),
  done: () => undefined,
  deadLetter: () => undefined,
};

function incomingOf({ topic, partition, offset, value }: ParkedRecord): Incoming {
  const scored = decodeOperationScored(value);
  const record = { topic, partition, offset, value, key: null, headers: {}, timestampMs: scored.scoredAtMs };
  return { record, batch: noBatch, scored, fingerprint: fingerprintOf(scored.operation) };
}

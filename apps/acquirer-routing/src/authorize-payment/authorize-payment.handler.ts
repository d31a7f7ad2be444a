import { decodeOperationScored, fingerprintOf } from '@fourway/contracts';
import { defined, SwitchError, type Clock, type FieldError } from '@fourway/kernel';
import type { StreamBatch, StreamRecord } from '@fourway/platform-stream';
import type { AcquirerLinks } from '../acquirers/acquirer-links.ts';
import type { Answer, AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { MerchantDirectory } from '../directory/merchant-directory.ts';
import type { FollowUpHandler } from '../follow-up/follow-up.handler.ts';
import type { Attempt, Incoming } from '../operation.ts';
import { oldestClaimableId } from '../retention/horizons.ts';
import type { ClaimedElsewhere, ParkOperationHandler } from '../park-operation/park-operation.handler.ts';
import type { CallAcquirers } from './call-acquirers.ts';
import { orderKey, type ClaimRepository, type NewClaim, type StoredClaim } from './claim.repository.ts';
import type { OpenOperation, OpenOperations } from './open-operations.ts';
import { planAuthorization, type AuthorizationPlan } from './plan-authorization.ts';

export interface AuthorizePaymentDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly directory: MerchantDirectory;
  readonly claims: ClaimRepository;
  readonly links: Pick<AcquirerLinks, 'snapshot'>;
  readonly answers: AnswerOperations;
  readonly calls: CallAcquirers;
  readonly parking: ParkOperationHandler;
  readonly followUps: Pick<FollowUpHandler, 'take'>;
  /** An id may be claimed until it is so old. */
  readonly claimHorizonDays: number;
  readonly onFatal: (error: unknown) => void;
}

interface Planned {
  readonly operation: OpenOperation;
  readonly first: Incoming;
  readonly plan: AuthorizationPlan;
}

/** From a scored request to a claim that is durable and a request on its way to an acquirer, a batch at a time. */
export class AuthorizePaymentHandler {
  readonly #with: AuthorizePaymentDependencies;

  constructor(dependencies: AuthorizePaymentDependencies) {
    this.#with = dependencies;
  }

  /** Returns when the claims are durable; the records are done when their outcomes are published or parked. */
  async handle(batch: StreamBatch): Promise<void> {
    const nowMs = this.#with.clock.nowMs();
    const opened = decodeBatch(batch).flatMap((incoming) => this.#with.open.admit(incoming, nowMs) ?? []);
    try {
      await this.#begin(opened);
    } catch (error) {
      this.#release(opened.filter(isRoot), batch, error);
      throw error;
    }
  }

  /** Takes records up anew that have the id of a refused one, or were opened elsewhere. */
  async admit(incoming: readonly Incoming[]): Promise<void> {
    const nowMs = this.#with.clock.nowMs();
    await this.#begin(incoming.flatMap((each) => this.#with.open.admit(each, nowMs) ?? []));
  }

  /**
   * Operations on payments go their own way; those of a root that is open wait for it. They enter it before anything is awaited: a batch that
   * has to claim roots would let the next batch pass, and a payment's operations keep the order of their records.
   */
  async #begin(opened: readonly OpenOperation[]): Promise<void> {
    const roots = opened.filter(isRoot);
    const onPayments = roots.length === opened.length ? [] : opened.filter((each) => !isRoot(each));
    this.#with.followUps.take(onPayments.map((operation) => ({ operation, isFromQueue: false })));
    await this.#authorize(roots);
  }

  async #authorize(opened: readonly OpenOperation[]): Promise<void> {
    if (opened.length === 0) return;
    // 1. Who takes part, and what has to happen.
    const planned = await this.#plan(opened);
    const claimedAtMs = this.#with.clock.nowMs();
    // 2. One statement claims what is free; ids it does not answer were claimed before.
    const claimed = await this.#with.claims.claim(planned.flatMap(claimOf));
    const others = planned.filter(({ operation }) => !claimed.has(operation.operationId));
    const taken = await this.#with.claims.find(others.map(({ operation }) => operation.operationId));
    // 3. Ours: call, or publish what needed no call.
    const uncalled: Answer[] = [];
    for (const { operation, first, plan } of planned) {
      const mine = claimed.get(operation.operationId);
      if (mine === undefined || plan.kind === 'refuse') continue;
      operation.fingerprint = first.fingerprint;
      this.#with.answers.refuseConflicts(operation);
      if (mine.outcome === null) begin(operation, plan.attempt, claimedAtMs);
      else uncalled.push({ operation, outcome: mine.outcome });
    }
    this.#with.answers.publish(uncalled);
    // 4. Not ours: answer again, join, park, or refuse.
    const holders = await this.#with.claims.holdersOf(
      others.flatMap((other) => (taken.has(other.operation.operationId) ? [] : orderOf(other))),
    );
    const elsewhere: ClaimedElsewhere[] = [];
    const again = others.flatMap((other) =>
      this.#resolve(withHolder(other, holders), taken.get(other.operation.operationId), elsewhere),
    );
    this.#with.parking.parkUntilTakenUp(elsewhere);
    await this.#with.calls.call(
      planned.flatMap(({ operation }) =>
        operation.attempt === null ? [] : [{ operation, attempt: operation.attempt }],
      ),
    );
    // 5. Another body under the id of a request that was refused stands on its own.
    if (again.length > 0) await this.admit(again);
  }

  async #plan(opened: readonly OpenOperation[]): Promise<Planned[]> {
    const firsts = opened.map((operation) => ({ operation, first: defined(operation.sources[0], 'opening record') }));
    const partiesOf = await this.#with.directory.partiesOf(firsts.map(({ first }) => first));
    const nowMs = this.#with.clock.nowMs();
    const oldestId = oldestClaimableId(nowMs, this.#with.claimHorizonDays);
    const context = { nowMs, oldestId, acquirers: this.#with.links.snapshot(), partiesOf };
    return firsts.map(({ operation, first }) => ({ operation, first, plan: planAuthorization(first, context) }));
  }

  /** An operation whose id was claimed before, or that is refused. Returns the records that have to be looked at again. */
  #resolve(
    { operation, first, plan }: Planned,
    claim: StoredClaim | undefined,
    elsewhere: ClaimedElsewhere[],
  ): Incoming[] {
    const { answers, claims, open } = this.#with;
    if (claim === undefined) {
      if (plan.kind !== 'refuse')
        throw new Error(`broken invariant: the claim of ${operation.operationId} is neither ours nor there`);
      return answers.refuse(operation, first.fingerprint, plan.error);
    }
    operation.fingerprint = claim.fingerprint;
    answers.refuseConflicts(operation);
    if (operation.sources.length === 0) open.close(operation);
    else if (claim.outcome !== null) answers.publish([{ operation, outcome: claim.outcome }]);
    // Ours from a statement whose answer got lost: nothing was sent yet, and the send window still guards the send.
    else if (claim.writer === claims.writer && plan.kind === 'claim')
      begin(operation, attemptUnder(plan.attempt, claim), claim.claimedAtMs);
    else elsewhere.push({ operation, claimedAtMs: claim.claimedAtMs });
    return [];
  }

  /** The batch failed as a whole and comes again in parts. A record of another batch that joined cannot be told, so the process gives up. */
  #release(opened: readonly OpenOperation[], { records }: StreamBatch, error: unknown): void {
    const own: ReadonlySet<StreamRecord> = new Set(records);
    for (const operation of opened) {
      if (operation.sources.some(({ record }) => !own.has(record))) this.#with.onFatal(error);
      this.#with.open.close(operation);
    }
  }
}

const isRoot = ({ operationId, sources }: OpenOperation): boolean =>
  sources[0]?.scored.operation.rootId === operationId;

function begin(operation: OpenOperation, attempt: Attempt, claimedAtMs: number): void {
  operation.attempt = attempt;
  operation.claimedAtMs = claimedAtMs;
}

const claimOf = ({ first, plan }: Planned): NewClaim[] => {
  if (plan.kind === 'refuse') return [];
  const { scored, acquirerId, feeContractId } = plan.attempt;
  const { operationId, merchantId } = scored.operation;
  return [
    {
      ...{ operationId, fingerprint: first.fingerprint, merchantId, acquirerId, feeContractId, outcome: plan.outcome },
      merchantOrderNo: orderOf({ plan })[0]?.merchantOrderNo ?? null,
    },
  ];
};

/** The order that the operation pays, where the merchant's orders may come through both doors. */
const orderOf = ({ plan }: Pick<Planned, 'plan'>): { merchantId: string; merchantOrderNo: string }[] => {
  if (plan.kind === 'refuse' || !plan.attempt.merchant.hasApiKey) return [];
  const { operationId, rootId, merchantId, merchantOrderNo } = plan.attempt.scored.operation;
  return operationId === rootId ? [{ merchantId, merchantOrderNo }] : [];
};

/** An operation whose order another one pays is refused, unless it was claimed itself. */
function withHolder(planned: Planned, holders: ReadonlyMap<string, string>): Planned {
  const holder = orderOf(planned).map((order) => holders.get(orderKey(order)))[0];
  return holder === undefined ? planned : { ...planned, plan: { kind: 'refuse', error: orderTaken(holder) } };
}

const orderTaken = (holder: string): FieldError => ({
  code: 'merchant_order_taken',
  field: 'merchant_order_no',
  rule: `a merchant's order is paid once, through whichever door; operation ${holder} pays this one or has paid it`,
  remedy: 'query that operation; give a new purchase an order number of its own',
});

/** The claim's acquirer counts, whatever would be chosen now. */
const attemptUnder = (attempt: Attempt, { acquirerId, feeContractId }: StoredClaim): Attempt => ({
  ...attempt,
  acquirerId,
  feeContractId,
});

function decodeBatch(batch: StreamBatch): Incoming[] {
  return batch.records.flatMap((record) => {
    try {
      const scored = decodeOperationScored(defined(record.value, 'record value'));
      return [{ record, batch, scored, fingerprint: fingerprintOf(scored.operation) }];
    } catch (error) {
      batch.deadLetter(record, {
        code: error instanceof SwitchError ? error.code : 'undecodable',
        detail: String(error),
      });
      return [];
    }
  });
}

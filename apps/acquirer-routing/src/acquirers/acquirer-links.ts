import { classifyResponseCode, isoProfiles, type IsoProfileName } from '@fourway/iso8583';
import { defined, type Clock } from '@fourway/kernel';
import { LinkBreaker } from '@fourway/platform-resilience';
import type { AcquirerAnswer, AcquirerSnapshot, IneligibilityReason } from '@fourway/routing';
import { AcquirerLink } from '../acquirer-link/acquirer-link.ts';
import type { LinkAnswer, ReversalAnswer, ReversalRequest, SaleRequest } from '../acquirer-link/link-types.ts';
import type { OpenOperation } from '../authorize-payment/open-operations.ts';
import { originalAttemptOf } from '../follow-up/on-payment.ts';
import { firstAttemptNo, type Attempt } from '../operation.ts';

export interface AcquirerAddress {
  /** IIN, 8 digits. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** How its messages are encoded; default `iso87a`. */
  readonly profile?: IsoProfileName;
}

export interface AcquirerLinksOptions {
  readonly acquirers: readonly AcquirerAddress[];
  readonly clock: Clock;
  /** Milliseconds an acquirer has to answer. */
  readonly answerTimeoutMs: number;
  /** Milliseconds after the claim in which a request may still leave. */
  readonly sendWindowMs: number;
  /** Milliseconds after the answer time in which an answer may still be stored as it is. */
  readonly storeMarginMs: number;
  /** Unanswered requests to one acquirer at most; above it the acquirer is not eligible, and nothing else waits for it. */
  readonly maxInFlight: number;
  readonly onAnswers: (answers: readonly { readonly operationId: string; readonly answer: AcquirerAnswer }[]) => void;
  readonly onReversalAnswers: (answers: readonly ReversalAnswer[]) => void;
  /** Answers nobody waits for any more: their operations were reversed at the deadline. */
  readonly onLateAnswers: (count: number) => void;
  readonly onBreakerChange: (acquirerId: string, state: 'open' | 'closed') => void;
}

/** Bytes that may wait in one socket: an acquirer that does not read gets nothing more. */
const maxUnsentBytes = 4 << 20;

/** An operation whose claim is durable, and the attempt to make. */
export interface Call {
  readonly operation: OpenOperation;
  readonly attempt: Attempt;
}

/** What did not simply leave. */
export interface CallResult {
  /** Provably never left. */
  readonly notSent: OpenOperation[];
  /** A request of the same reference is in flight: what becomes of this one cannot be known. */
  readonly unknown: OpenOperation[];
}

interface Line {
  readonly link: AcquirerLink;
  readonly breaker: LinkBreaker;
}

/** The links to all acquirers, each behind its own breaker. */
export class AcquirerLinks {
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #options: AcquirerLinksOptions;

  constructor(options: AcquirerLinksOptions) {
    this.#options = options;
    this.#lines = new Map(options.acquirers.map((address) => [address.id, this.#line(address)]));
  }

  start(): void {
    for (const { link } of this.#lines.values()) link.start();
  }

  async stop(): Promise<void> {
    for (const { link, breaker } of this.#lines.values()) {
      breaker.stop();
      await link.stop();
    }
  }

  /** True when at least one acquirer can be asked. */
  get isAnySignedOn(): boolean {
    return [...this.#lines.values()].some(({ link }) => link.isSignedOn);
  }

  /** Who can take a payment at this instant. */
  snapshot(): AcquirerSnapshot {
    return new Map(
      [...this.#lines].map(([acquirerId, line]) => [acquirerId, { acquirerId, ineligible: ineligibilityOf(line) }]),
    );
  }

  /** Sends each operation to the acquirer of its attempt. */
  call(calls: readonly Call[]): CallResult {
    const { answerTimeoutMs, storeMarginMs, clock } = this.#options;
    const answerDueMs = clock.nowMs() + answerTimeoutMs + storeMarginMs;
    for (const { operation } of calls) operation.answerDueMs = answerDueMs;
    const result: CallResult = { notSent: [], unknown: [] };
    for (const [acquirerId, group] of Map.groupBy(calls, ({ attempt }) => attempt.acquirerId))
      this.#submit(acquirerId, group, result);
    return result;
  }

  #submit(acquirerId: string, calls: readonly Call[], result: CallResult): void {
    const line = this.#lines.get(acquirerId);
    if (line === undefined) {
      result.notSent.push(...calls.map(({ operation }) => operation));
      return;
    }
    const { notSent, refused } = line.link.submitSales(calls.map(requestOf));
    if (notSent.length + refused.length === 0) return;
    const byId = new Map(calls.map(({ operation }) => [operation.operationId, operation]));
    const operationOf = ({ operationId }: SaleRequest): OpenOperation =>
      defined(byId.get(operationId), 'submitted operation');
    result.notSent.push(...notSent.map(operationOf));
    for (const { request, reason } of refused)
      result[reason === 'unencodable' ? 'notSent' : 'unknown'].push(operationOf(request));
  }

  /** Sends reversals to their acquirer; what cannot be sent now comes again by its schedule. */
  reverse(acquirerId: string, reversals: readonly ReversalRequest[]): void {
    this.#lines.get(acquirerId)?.link.submitReversals(reversals);
  }

  #line({ id, host, port, profile = 'iso87a' }: AcquirerAddress): Line {
    const { clock, answerTimeoutMs, sendWindowMs, maxInFlight, onReversalAnswers, onLateAnswers, onBreakerChange } =
      this.#options;
    const link: AcquirerLink = new AcquirerLink({
      acquirerId: id,
      host,
      port,
      profile: isoProfiles[profile],
      clock,
      answerTimeoutMs,
      sendWindowMs,
      maxInFlight,
      maxUnsentBytes,
      onAnswers: (answers) => this.#answered(breaker, answers),
      onLateAnswers: (late) => onLateAnswers(late.length),
      onReversalAnswers,
      onState: () => undefined,
    });
    const breaker = new LinkBreaker({
      name: id,
      probe: async () => link.isSignedOn,
      onChange: (state) => onBreakerChange(id, state),
    });
    return { link, breaker };
  }

  #answered(breaker: LinkBreaker, answers: readonly LinkAnswer[]): void {
    const classed = answers.map((answer) => ({ operationId: answer.operationId, ...classOf(answer) }));
    const failed = classed.filter(({ isTechnical }) => isTechnical).length;
    breaker.record({ succeeded: classed.length - failed, failed });
    this.#options.onAnswers(classed);
  }
}

function ineligibilityOf({ link, breaker }: Line): IneligibilityReason | null {
  if (!link.isSignedOn) return 'not_signed_on';
  if (breaker.isOpen) return 'breaker_open';
  return link.room > 0 ? null : 'no_room';
}

/** Declines by an issuer say nothing about the link; technical codes and silence do. */
function classOf(answer: LinkAnswer): { answer: AcquirerAnswer; isTechnical: boolean } {
  if (answer.kind === 'no_answer') return { answer, isTechnical: true };
  const { responseCode, authCode, rrn, amountMatches } = answer;
  const responseClass = classifyResponseCode(responseCode);
  const isUnknown = responseClass === 'unknown';
  return {
    answer: {
      kind: 'answered',
      codeClass: responseClass === 'approved' ? 'approved' : isUnknown ? 'unknown' : 'declined',
      responseCode,
      authCode: authCode ?? '',
      rrn,
      amountMatches,
    },
    isTechnical: isUnknown || responseClass === 'technical',
  };
}

const requestOf = (call: Call): SaleRequest => {
  const sale = saleOf(call);
  const { onPayment, scored } = call.attempt;
  if (onPayment !== undefined) return { ...sale, kind: onPayment.attemptKind, original: originalAttemptOf(onPayment) };
  return scored.operation.kind === 'authorize' ? { ...sale, kind: 'authorize' } : sale;
};

const saleOf = ({ operation: { claimedAtMs }, attempt }: Call): SaleRequest => {
  const { operation } = attempt.scored;
  return {
    operationId: operation.operationId,
    attemptNo: firstAttemptNo,
    amountMinor: operation.amountMinor,
    currency: operation.currency,
    cardToken: operation.cardToken,
    merchantId: operation.merchantId,
    terminalId: operation.terminalId,
    mcc: attempt.merchant.mcc,
    claimedAtMs,
    localTimeMs: operation.requestedAtMs,
  };
};

import { classifyResponseCode } from '@fourway/iso8583';
import type { Clock } from '@fourway/kernel';
import { LinkBreaker } from '@fourway/platform-resilience';
import type { AcquirerAnswer, AcquirerSnapshot, IneligibilityReason } from '@fourway/routing';
import { AcquirerLink } from '../acquirer-link/acquirer-link.ts';
import type { LinkAnswer, ReversalAnswer, ReversalRequest, SaleRequest } from '../acquirer-link/link-types.ts';
import type { OpenOperation } from '../authorize-payment/open-operations.ts';
import { firstAttemptNo, type Attempt } from '../operation.ts';

export interface AcquirerAddress {
  /** IIN, 8 digits. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
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
  readonly onBreakerChange: (acquirerId: string, state: 'open' | 'closed') => void;
}

/** Bytes that may wait in one socket: an acquirer that does not read gets nothing more. */
const maxUnsentBytes = 1 << 20;

/** An operation whose claim is durable, and the attempt to make. */
export interface Call {
  readonly operation: OpenOperation;
  readonly attempt: Attempt;
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
    return new Map([...this.#lines].map(([acquirerId, line]) => [acquirerId, { acquirerId, ineligible: ineligibilityOf(line) }]));
  }

  /** Sends each operation to the acquirer of its attempt; returns those that provably never left. */
  call(calls: readonly Call[]): { notSent: OpenOperation[] } {
    const { answerTimeoutMs, storeMarginMs, clock } = this.#options;
    const answerDueMs = clock.nowMs() + answerTimeoutMs + storeMarginMs;
    const notSent: OpenOperation[] = [];
    for (const [acquirerId, group] of Map.groupBy(calls, ({ attempt }) => attempt.acquirerId)) {
      for (const { operation } of group) operation.answerDueMs = answerDueMs;
      const link = this.#lines.get(acquirerId)?.link;
      if (link === undefined) notSent.push(...group.map(({ operation }) => operation));
      else {
        const submitted = link.submitSales(group.map(saleOf));
        const unsent = new Set([...submitted.notSent, ...submitted.refused.map(({ request }) => request)].map(({ operationId }) => operationId));
        if (unsent.size > 0) notSent.push(...group.map(({ operation }) => operation).filter(({ operationId }) => unsent.has(operationId)));
      }
    }
    return { notSent };
  }

  /** Sends reversals to their acquirer; what cannot be sent now comes again by its schedule. */
  reverse(acquirerId: string, reversals: readonly ReversalRequest[]): void {
    this.#lines.get(acquirerId)?.link.submitReversals(reversals);
  }

  #line({ id, host, port }: AcquirerAddress): Line {
    const { clock, answerTimeoutMs, sendWindowMs, maxInFlight, onReversalAnswers, onBreakerChange } = this.#options;
    const link: AcquirerLink = new AcquirerLink({
      acquirerId: id,
      host,
      port,
      clock,
      answerTimeoutMs,
      sendWindowMs,
      maxInFlight,
      maxUnsentBytes,
      onAnswers: (answers) => this.#answered(breaker, answers),
      onLateAnswers: () => undefined,
      onReversalAnswers,
      onState: () => undefined,
    });
    const breaker = new LinkBreaker({ name: id, probe: async () => link.isSignedOn, onChange: (state) => onBreakerChange(id, state) });
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
  const { responseCode, authCode, amountMatches } = answer;
  const responseClass = classifyResponseCode(responseCode);
  const isUnknown = responseClass === 'unknown';
  return {
    answer: {
      kind: 'answered',
      codeClass: responseClass === 'approved' ? 'approved' : isUnknown ? 'unknown' : 'declined',
      responseCode,
      authCode: authCode ?? '',
      amountMatches,
    },
    isTechnical: isUnknown || responseClass === 'technical',
  };
}

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

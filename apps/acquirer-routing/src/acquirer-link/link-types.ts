import type { Iso8583Profile, ResponseCodeClass } from '@fourway/iso8583';
import type { Clock } from '@fourway/kernel';
import type { AttemptKind, OriginalAttempt } from './attempt-kind.ts';

/** One attempt of a sale, or of another operation where it names its kind, ready to leave. */
export interface SaleRequest {
  readonly operationId: string;
  readonly attemptNo: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly cardToken: string;
  /** 15 characters. */
  readonly merchantId: string;
  /** 8 characters. */
  readonly terminalId: string;
  readonly mcc: string;
  /** When the claim was written; the send window counts from here. Milliseconds since the epoch. */
  readonly claimedAtMs: number;
  /** Payment time, for DE12 and DE13. Milliseconds since the epoch. */
  readonly localTimeMs: number;
  /** Absent: a sale. */
  readonly kind?: AttemptKind;
  /** Of an operation on a payment: what it is on. */
  readonly original?: OriginalAttempt;
}

/** The reversal of one attempt, in the words of the attempt itself. */
export type ReversalRequest = Omit<SaleRequest, 'claimedAtMs' | 'localTimeMs' | 'original'> & {
  /** False for the first try (0420), true for every further one (0421). */
  readonly repeat: boolean;
};

interface AttemptName {
  readonly operationId: string;
  readonly attemptNo: number;
}

export type LinkAnswer = AttemptName &
  (
    | {
        readonly kind: 'answered';
        readonly responseCode: string;
        readonly authCode: string | null;
        readonly rrn: string;
        /** False where the answer names another amount than the request: it is then neither yes nor no. */
        readonly amountMatches: boolean;
      }
    | { readonly kind: 'no_answer'; readonly reason: 'timeout' | 'disconnected' }
  );

/**
 * An answer to a sale that nobody waits for. It may be a second copy of one that was delivered long ago, so compare
 * it with the stored outcome before reversing anything.
 */
export interface LateAnswer extends AttemptName {
  readonly responseCode: string;
  readonly authCode: string | null;
  readonly rrn: string;
  readonly amountMinor: bigint | null;
}

/** An acknowledged reversal; late ones are acknowledgements too. */
export interface ReversalAnswer extends AttemptName {
  readonly responseCode: string;
}

export type NotSentReason = 'not_signed_on' | 'send_window_passed' | 'no_room';

export interface SubmitResult<Request> {
  /** Handed to the socket: each will be answered, or reported as not answered. */
  readonly sent: Request[];
  /** Provably did not leave by this call, and no copy is in flight: another acquirer may be tried. */
  readonly notSent: Request[];
  /** Not sent, and not to be tried elsewhere: a copy is in flight, or the message cannot be built (our defect). */
  readonly refused: {
    readonly request: Request;
    readonly reason: 'duplicate_in_flight' | 'unencodable';
    readonly detail: string;
  }[];
}

export type LinkState = 'disconnected' | 'connecting' | 'signing_on' | 'signed_on';

export interface LinkTimings {
  /** From the write to the answer; also for sign-on and echo. */
  readonly answerTimeoutMs: number;
  /** From the claim to the write. */
  readonly sendWindowMs: number;
  readonly connectTimeoutMs: number;
  /** Silence after which an echo is sent. */
  readonly echoAfterMs: number;
  /** First and longest wait before a reconnect; it doubles in between. */
  readonly reconnectAfterMs: number;
  readonly reconnectAtMostMs: number;
  /** How often timeouts are looked for: their coarseness. */
  readonly tickMs: number;
}

export const defaultTimings: LinkTimings = {
  answerTimeoutMs: 5_000,
  sendWindowMs: 1_000,
  connectTimeoutMs: 3_000,
  echoAfterMs: 10_000,
  reconnectAfterMs: 100,
  reconnectAtMostMs: 5_000,
  tickMs: 50,
};

export interface LinkOptions extends Partial<LinkTimings> {
  /** IIN of the acquirer, DE32. */
  readonly acquirerId: string;
  readonly host: string;
  readonly port: number;
  /** How the acquirer's messages are encoded, network management included. */
  readonly profile: Iso8583Profile;
  /** TCP connections; 1 unless given. */
  readonly connections?: number;
  readonly clock: Clock;
  /** 0 up to 1, for the jitter of reconnects; Math.random unless given. */
  readonly random?: () => number;
  /** Requests in flight over all connections; the last tenth of them is kept for operations on payments. */
  readonly maxInFlight: number;
  /** Bytes that wait in one socket: beyond, nothing more is written to it. */
  readonly maxUnsentBytes: number;
  onAnswers(answers: readonly LinkAnswer[]): void;
  onLateAnswers(answers: readonly LateAnswer[]): void;
  onReversalAnswers(answers: readonly ReversalAnswer[]): void;
  onState(state: LinkState): void;
}

/** What a link has done since it was made; only ever grows. */
export interface LinkCounters {
  salesSent: number;
  reversalsSent: number;
  reversalsAnswered: number;
  readonly answers: Partial<Record<ResponseCodeClass, number>>;
  readonly notSent: Record<NotSentReason, number>;
  timedOut: number;
  disconnected: number;
  late: number;
  /** Second copies of an answer, dropped. */
  duplicates: number;
  /** Answers to nothing we know of, and types we do not expect. */
  unmatched: number;
  /** Messages that could not be read, and answers without a response code. */
  undecodable: number;
  connects: number;
}

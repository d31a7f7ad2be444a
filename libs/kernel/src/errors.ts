/** Codes of operational faults. An expected outcome (a decline, a refusal) is a value, never one of these. */
export const switchErrorCodes = [
  'config_invalid',
  'engine_unavailable',
  'topic_differs',
  'stalled',
  'broker_crashed',
  'offset_gap',
  'not_acknowledged',
  'undecodable',
  'unknown_version',
  'not_found',
  'books_differ',
] as const;

export type SwitchErrorCode = (typeof switchErrorCodes)[number];

/** An operational fault: what went wrong, as a code for machines and a sentence with the remedy for people. */
export class SwitchError extends Error {
  readonly code: SwitchErrorCode;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(code: SwitchErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SwitchError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** What is wrong with a request, for the one who sent it. */
export interface FieldError {
  /** Stable code, for example `amount_out_of_range`. */
  readonly code: string;
  /** The field's name in the contract. */
  readonly field: string;
  readonly rule: string;
  readonly remedy: string;
}

/**
 * States what must hold; a broken invariant is a defect of ours and ends the process rather than a payment.
 * @throws Error when the condition is false
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${invariant}`);
}

/** The value, where the program's logic guarantees that there is one. */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new Error(`broken invariant: ${what} is missing`);
  return value;
}

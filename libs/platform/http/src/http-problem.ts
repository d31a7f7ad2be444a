/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** RFC 6901, e.g. `/amountMinor`; empty for the whole body. */
  readonly pointer: string;
  /** Stable code for machines, e.g. `too_big`. */
  readonly code: string;
  readonly rule: string;
  readonly remedy: string;
}

export interface ProblemDetails {
  /** 400 to 599. */
  readonly status: number;
  /** Stable code for machines; the problem's type is `urn:fourway:problem:<code>`. */
  readonly code: string;
  /** The same for every problem of this code. */
  readonly title: string;
  /** About this very request; never a secret or an internal. */
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** Further response headers, e.g. `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than success, thrown anywhere below a route; the client reads it as `application/problem+json` (RFC 9457). */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, code, title, detail, errors, headers = {} }: ProblemDetails, options?: ErrorOptions) {
    super(detail ?? title, options);
    this.name = 'HttpProblem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }
}

export const problemContentType = 'application/problem+json';

/** The JSON text of a problem; members without a value are left out. */
export function problemText({ status, code, title, detail, errors }: HttpProblem, requestId?: string): string {
  return JSON.stringify({ type: `urn:fourway:problem:${code}`, title, status, detail, code, requestId, errors });
}

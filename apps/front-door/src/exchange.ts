import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Headers } from './headers.ts';
import type { FailedTry } from './retry-decision.ts';

export interface OutgoingRequest {
  readonly method: Dispatcher.HttpMethod;
  /** As the client wrote it, with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer | Readable | undefined;
  /** From the request's last byte to the answer's first, milliseconds. */
  readonly headersTimeout: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whole when it is small, so that a replica lost half-way can still be replaced; otherwise as it comes. */
  readonly body: Buffer | Readable;
}

/** A try that brought no answer. */
export class ExchangeError extends Error implements FailedTry {
  readonly mayHaveArrived: boolean;
  readonly answerBegun = false;
  /** The request itself cannot be sent, whatever the replica. */
  readonly isUnsendable: boolean;
  readonly isTimeout: boolean;

  constructor(cause: Error, mayHaveArrived: boolean) {
    super(cause.message, { cause });
    const code = 'code' in cause ? String(cause.code) : '';
    this.mayHaveArrived = mayHaveArrived;
    this.isUnsendable = code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED';
    this.isTimeout = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  }
}

/** Answers up to this size are held whole, bytes. */
const heldBytesMax = 65_536;

/** Whether the client is still there; an AbortSignal would cost more than the rest of an exchange's bookkeeping. */
export class Client {
  #abort: (() => void) | undefined;
  #hasGone = false;

  get hasGone(): boolean {
    return this.#hasGone;
  }

  /** Ends the exchange that is open for it. */
  leave(): void {
    this.#hasGone = true;
    this.#abort?.();
  }

  onLeave(abort: (() => void) | undefined): void {
    this.#abort = abort;
    if (this.#hasGone) abort?.();
  }
}

/**
 * One request at one replica, given up when the client leaves.
 * @throws ExchangeError
 */
export function exchange(pool: Dispatcher, request: OutgoingRequest, client: Client): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const handler = new AnswerHandler({ resolve, reject, client, hasBody: request.method !== 'HEAD' });
    pool.dispatch({ ...request, body: request.body ?? null }, handler);
  });
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ExchangeError) => void;
  readonly client: Client;
  readonly hasBody: boolean;
}

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #waiting: Waiting;
  readonly #held: Buffer[] = [];
  #mayHaveArrived = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #stream: Readable | undefined;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  /** Called in the same step that writes the first byte. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#mayHaveArrived = true;
    this.#waiting.client.onLeave(() => controller.abort(new Error('the client has gone')));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const isBodiless = !this.#waiting.hasBody || status === 204 || status === 304;
    if (isBodiless || Number(headers['content-length'] ?? Infinity) <= heldBytesMax) return;
    this.#stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (error !== null) controller.abort(error);
        done(error);
      },
    });
    this.#waiting.resolve({ status, headers, body: this.#stream });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream === undefined) this.#held.push(chunk);
    else if (!this.#stream.push(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#waiting.client.onLeave(undefined);
    if (this.#stream !== undefined) {
      this.#stream.push(null);
      return;
    }
    const [first] = this.#held;
    const body = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    this.#waiting.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#waiting.client.onLeave(undefined);
    if (this.#stream === undefined) this.#waiting.reject(new ExchangeError(error, this.#mayHaveArrived));
    else this.#stream.destroy(error);
  }
}

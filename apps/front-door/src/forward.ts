import type { IncomingMessage } from 'node:http';
import type { Dispatcher } from 'undici';
import { HttpProblem } from '@fourway/platform-http';
import { exchange, ExchangeError, type Answer, type Client, type OutgoingRequest } from './exchange.ts';
import { chooseReplica, type Replica } from './replica.ts';
import { mayRetry, type RequestTraits } from './retry-decision.ts';

export interface ForwardOptions {
  readonly replicas: ReadonlyMap<string, readonly Replica[]>;
  /** Told of a replica that broke or refused a connection, and whether the request goes to another. */
  readonly onFailedTry: (replica: Replica, error: ExchangeError, isRetried: boolean) => void;
}

export interface ForwardedRequest {
  readonly service: string;
  readonly outgoing: OutgoingRequest;
  readonly traits: RequestTraits;
  readonly client: Client;
}

/** Gives requests to replicas, and to another one where the first was lost and a second try is safe. */
export class Forward {
  readonly #options: ForwardOptions;
  #turn = 0;

  constructor(options: ForwardOptions) {
    this.#options = options;
  }

  /** @throws HttpProblem 502, 503 or 504 when no replica gave an answer */
  async send(request: ForwardedRequest): Promise<Answer> {
    const replicas = this.#options.replicas.get(request.service) ?? [];
    const tried = new Set<Replica>();
    for (let tries = 1; ; tries++) {
      const replica = chooseReplica(replicas, { tried, turn: this.#turn++ });
      if (replica === undefined) throw nobodyLeft(request.service);
      tried.add(replica);
      const answer = await this.#try(replica, request, tries);
      if (answer !== undefined) return answer;
    }
  }

  /** Undefined when another replica may be tried. */
  async #try(replica: Replica, request: ForwardedRequest, tries: number): Promise<Answer | undefined> {
    replica.inFlight++;
    try {
      return await exchange(replica.pool, request.outgoing, request.client);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      if (request.client.hasGone || error.isUnsendable) throw unsendable();
      // Out until it answers its readiness again; a slow answer alone is no sign of a lost replica.
      if (!error.isTimeout) replica.standing = 'out';
      const isRetried = !error.isTimeout && mayRetry(error, request.traits, tries);
      this.#options.onFailedTry(replica, error, isRetried);
      if (isRetried) return undefined;
      throw lost(error);
    } finally {
      replica.inFlight--;
    }
  }
}

/** The next poll of a replica's readiness is at most this far, and a restart takes a few seconds. */
const retryAfter = { 'retry-after': '1' };

const nobodyLeft = (service: string): HttpProblem =>
  new HttpProblem({
    status: 503,
    code: 'no_replica',
    title: 'Nobody can answer now',
    detail: `No process of ${service} can be reached. Nothing was done; send the request again.`,
    headers: retryAfter,
  });

function lost({ isTimeout, mayHaveArrived }: ExchangeError): HttpProblem {
  const detail = mayHaveArrived
    ? 'The request may have been carried out. Ask for its result, or send it again with the same Idempotency-Key.'
    : 'Nothing was done; send the request again.';
  return isTimeout
    ? new HttpProblem({ status: 504, code: 'no_answer', title: 'No answer in time', detail, headers: retryAfter })
    : new HttpProblem({ status: 502, code: 'replica_lost', title: 'The answer was lost', detail, headers: retryAfter });
}

const unsendable = (): HttpProblem =>
  new HttpProblem({ status: 400, code: 'malformed_request', title: 'The request cannot be passed on' });

const methods: ReadonlySet<string> = new Set<Dispatcher.HttpMethod>([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

export const isForwardedMethod = (method: string): method is Dispatcher.HttpMethod => methods.has(method);

export const traitsOf = (
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  body: unknown,
): RequestTraits => ({
  method: method ?? '',
  hasIdempotencyKey: typeof headers['idempotency-key'] === 'string' && headers['idempotency-key'] !== '',
  canReplayBody: body === undefined || Buffer.isBuffer(body),
});

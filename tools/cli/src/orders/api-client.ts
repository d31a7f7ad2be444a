import { sleep, SwitchError } from '@fourway/kernel';
import { deriveApiKey, formatKeyId, signRequest } from '@fourway/platform-signing';
import { Pool } from 'undici';

/** Who asks, and with which version of its key. */
export interface Caller {
  /** `merchant:<id>`, `wallet:<name>`, `provider:<id>` or `operator:<name>`. */
  readonly principal: string;
  readonly version: number;
}

export interface ApiRequest {
  readonly caller: Caller;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** The parsed JSON body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly isReplay: boolean;
}

const answerTimeoutMs = 30_000;
const repeatPauseMs = 200;

export interface ApiClientOptions {
  /** 64 hex digits; only an operator of a test network has it and may sign for everybody. */
  readonly masterKeyHex: string;
  readonly connections: number;
  /** How long a request without an answer of the service is repeated, milliseconds. Default 0: it fails. */
  readonly repeatForMs?: number;
}

/** The HTTP door as its users meet it: every request signed. */
export class ApiClient {
  readonly #pool: Pool;
  readonly #masterKey: Buffer;
  readonly #repeatForMs: number;
  /** Requests sent again because no service answered. */
  repeats = 0;

  constructor(url: string, { masterKeyHex, connections, repeatForMs = 0 }: ApiClientOptions) {
    this.#pool = new Pool(url, { connections, headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
    this.#masterKey = Buffer.from(masterKeyHex, 'hex');
    this.#repeatForMs = repeatForMs;
  }

  /** True where answers may be to an earlier try of the same request. */
  get mayRepeat(): boolean {
    return this.#repeatForMs > 0;
  }

  /**
   * @throws SwitchError `undecodable` where the answer is not a JSON object
   * @throws whatever kept the request from being answered
   */
  async send(request: ApiRequest): Promise<ApiAnswer> {
    const untilMs = performance.now() + this.#repeatForMs;
    for (;;) {
      const answer = await this.#try(request).catch((error: unknown) => {
        if (performance.now() >= untilMs) throw error;
        return undefined;
      });
      if (answer !== undefined && (answer.status < 500 || performance.now() >= untilMs)) return answer;
      this.repeats += 1;
      await sleep(repeatPauseMs);
    }
  }

  async #try(request: ApiRequest): Promise<ApiAnswer> {
    const { method, path, body } = request;
    const response = await this.#pool.request({
      ...{ method, path },
      headers: headersOf(this.#masterKey, request),
      ...(body === undefined ? {} : { body: bodyTextOf(request) }),
    });
    return {
      status: response.statusCode,
      body: parseObject(await response.body.text(), `${method} ${path}`),
      isReplay: response.headers['idempotent-replayed'] === 'true',
    };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

export const bodyTextOf = ({ body }: ApiRequest): string => (body === undefined ? '' : JSON.stringify(body));

/** The header fields of a request, its signature among them. */
export function headersOf(masterKey: Buffer, request: ApiRequest): Record<string, string> {
  const { caller, method, path, body, idempotencyKey } = request;
  const key = deriveApiKey(masterKey, caller.principal, caller.version);
  return {
    ...signRequest({
      ...{ keyId: formatKeyId(caller), key, method, path, body: bodyTextOf(request) },
      timestampMs: Date.now(),
    }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

/** A member of an answer that is text; empty where it is none. */
export const textOf = ({ body }: Pick<ApiAnswer, 'body'>, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};

function parseObject(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Told below, with the start of what came instead.
  }
  throw new SwitchError('undecodable', `${what} was not answered by a JSON object: ${text.slice(0, 200)}`);
}

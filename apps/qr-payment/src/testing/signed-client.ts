import { deriveApiKey, formatKeyId, signRequest } from '@fourway/platform-signing';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; the tests say what they expect of it. */
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  /** Sent as JSON, or as it is where it is bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
}

/** Signs and sends requests as one principal. */
export class SignedClient {
  readonly #url: () => string;
  readonly #keyId: string;
  readonly #key: Buffer;

  constructor(options: { url: () => string; masterKey: Buffer; principal: string; version?: number }) {
    const { url, masterKey, principal, version = 1 } = options;
    this.#url = url;
    this.#keyId = formatKeyId({ principal, version });
    this.#key = deriveApiKey(masterKey, principal, version);
  }

  post(path: string, body: unknown, idempotencyKey?: string): Promise<Answer> {
    return this.send({ method: 'POST', path, body, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  }

  get(path: string): Promise<Answer> {
    return this.send({ method: 'GET', path });
  }

  async send({ method, path, body, idempotencyKey, headers = {} }: Call): Promise<Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
    const request = { method, path, body: bytes };
    const response = await fetch(this.#url() + path, {
      method,
      headers: {
        ...(bytes.length === 0 ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...signRequest({ ...request, keyId: this.#keyId, key: this.#key, timestampMs: Date.now() }),
        ...headers,
      },
      ...(bytes.length === 0 ? {} : { body: bytes }),
    });
    return { status: response.status, headers: response.headers, body: parseJson(await response.text()) };
  }
}

const parseJson = (text: string): Record<string, unknown> =>
  text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);

import { HttpProblem } from '@fourway/platform-http';
import { deriveApiKey, formatKeyId } from '@fourway/platform-signing';
import { reaches } from '../authenticate/principal.ts';
import type { DirectoryUnit } from '../directory/directory-unit.ts';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { keyOf } from '../directory/stored-entity.ts';
import { closed, notFound } from '../edit-entities/change-entity.ts';
import { callOf, type Request } from '../edit-entities/request.ts';

export interface IssuedKey {
  readonly merchantId: string;
  /** `<principal>.<version>`, for the header Fourway-Key. */
  readonly keyId: string;
  /** Hexadecimal; only here, and in no log. */
  readonly key: string;
  readonly apiKeyVersion: number;
}

export interface KeyRequest {
  readonly merchantId: string;
  readonly idempotencyKey: string;
}

/** Gives a merchant its next API key; the one before is void from then on. */
export class IssueApiKey {
  readonly #directory: DirectoryRepository;
  readonly #masterKey: Buffer;

  constructor(directory: DirectoryRepository, masterKey: Buffer) {
    this.#directory = directory;
    this.#masterKey = masterKey;
  }

  /**
   * The same Idempotency-Key gives the same key: it is derived, so that it need not be kept to be told again.
   * @throws HttpProblem 404, 409 for a closed merchant, 422 for an Idempotency-Key of another merchant
   */
  async issue({ merchantId, idempotencyKey }: KeyRequest, request: Request): Promise<IssuedKey> {
    const key = { type: 'merchant', id: merchantId } as const;
    const { principal } = request;
    const version = await this.#directory.change(
      callOf(request, 'merchant.issue-api-key', keyOf(key)),
      async (unit) => {
        const current = (await unit.find([key])).get(key);
        if (current?.entity.type !== 'merchant' || !reaches(principal.reach, current)) throw notFound(key);
        const issued = await issuedBefore(unit, { principal: principal.name, merchantId, idempotencyKey });
        if (issued !== null) return issued;
        if (current.status === 'closed') throw closed(key);
        const { merchant } = current.entity;
        const apiKeyVersion = merchant.apiKeyVersion + 1;
        await unit.saveOne({ ...current, entity: { ...key, merchant: { ...merchant, apiKeyVersion } } }, current);
        await remember(unit, { principal: principal.name, merchantId, idempotencyKey, apiKeyVersion });
        return apiKeyVersion;
      },
    );
    return this.#derive(merchantId, version);
  }

  #derive(merchantId: string, apiKeyVersion: number): IssuedKey {
    const principal = `merchant:${merchantId}`;
    return {
      ...{ merchantId, apiKeyVersion, keyId: formatKeyId({ principal, version: apiKeyVersion }) },
      key: deriveApiKey(this.#masterKey, principal, apiKeyVersion).toString('hex'),
    };
  }
}

interface Issue extends KeyRequest {
  readonly principal: string;
}

async function issuedBefore(
  unit: DirectoryUnit,
  { principal, merchantId, idempotencyKey }: Issue,
): Promise<number | null> {
  const [row] = await unit.run({
    name: 'api-key-issued',
    text: 'select merchant_id, api_key_version from api_key_issue where principal = $1 and idempotency_key = $2',
    values: [principal, idempotencyKey],
  });
  if (row === undefined) return null;
  if (row[0] !== merchantId)
    throw new HttpProblem({
      ...{ status: 422, code: 'idempotency_key_reused', title: 'The Idempotency-Key stands for another request' },
      detail: 'It was used for another merchant. Send a new one.',
    });
  return Number(row[1]);
}

const remember = (unit: DirectoryUnit, issue: Issue & { readonly apiKeyVersion: number }): Promise<unknown> =>
  unit.run({
    name: 'remember-api-key',
    text: 'insert into api_key_issue (principal, idempotency_key, merchant_id, api_key_version) values ($1, $2, $3, $4)',
    values: [issue.principal, issue.idempotencyKey, issue.merchantId, issue.apiKeyVersion],
  });

import type { FastifyRequest } from 'fastify';
import type { Clock } from '@fourway/kernel';
import { HttpProblem, rawBodyOf } from '@fourway/platform-http';
import { RequestVerifier, type KeyId, type PrincipalType } from '@fourway/platform-signing';
import type { MerchantDirectory } from '../directory/merchant-directory.ts';
import type { MerchantProfile } from '../directory/merchant-profile.ts';
import { faultWords, keyNotCurrent, merchantNotActive, unknownPrincipal, wrongPrincipal } from './caller-problems.ts';

/** A payers' app, by the name in its principal. */
export interface Wallet {
  readonly type: 'wallet';
  readonly name: string;
}

export interface CallingMerchant {
  readonly type: 'merchant';
  readonly merchant: MerchantProfile;
}

/** Wallets have one key generation so far. */
const walletKeyVersion = 1;

/** Who sent a request: proved by its signature, and known to the directory. */
export class Callers {
  readonly #verifier: RequestVerifier;
  readonly #directory: MerchantDirectory;
  readonly #clock: Clock;

  constructor({ masterKey, directory, clock }: { masterKey: Buffer; directory: MerchantDirectory; clock: Clock }) {
    this.#verifier = new RequestVerifier(masterKey);
    this.#directory = directory;
    this.#clock = clock;
  }

  /** @throws HttpProblem 401, 403 */
  async merchant(request: FastifyRequest): Promise<MerchantProfile> {
    const key = this.#keyOf(request, ['merchant']);
    return this.#merchantOf(key);
  }

  /** @throws HttpProblem 401, 403 */
  wallet(request: FastifyRequest): Wallet {
    return walletOf(this.#keyOf(request, ['wallet']));
  }

  /** @throws HttpProblem 401, 403 */
  async merchantOrWallet(request: FastifyRequest): Promise<CallingMerchant | Wallet> {
    const key = this.#keyOf(request, ['merchant', 'wallet']);
    return key.type === 'wallet' ? walletOf(key) : { type: 'merchant', merchant: await this.#merchantOf(key) };
  }

  #keyOf(request: FastifyRequest, allowed: readonly PrincipalType[]): KeyId {
    const verified = this.#verifier.verify({
      headers: request.headers,
      method: request.method,
      path: request.url,
      body: rawBodyOf(request),
      nowMs: this.#clock.nowMs(),
    });
    if (!verified.ok) throw new HttpProblem({ status: 401, code: verified.fault, ...faultWords[verified.fault] });
    if (!allowed.includes(verified.key.type)) throw wrongPrincipal(allowed);
    return verified.key;
  }

  async #merchantOf({ id, version }: KeyId): Promise<MerchantProfile> {
    if (!/^[1-9]\d{14}$/.test(id)) throw unknownPrincipal();
    let merchant = await this.#directory.find(id);
    // The signature proves that this version of the key was given out, so what we know is older.
    if (merchant === null || version > merchant.apiKeyVersion) merchant = await this.#directory.findNewest(id);
    if (merchant === null) throw unknownPrincipal();
    if (version !== merchant.apiKeyVersion) throw keyNotCurrent();
    if (merchant.status !== 'active') throw merchantNotActive(merchant.status);
    return merchant;
  }
}

function walletOf({ id, version }: KeyId): Wallet {
  if (version !== walletKeyVersion) throw keyNotCurrent();
  return { type: 'wallet', name: id };
}

import type { Clock } from '@fourway/kernel';
import { takeToken, type Quotas, type TokenBucket } from '@fourway/payment';
import type { DelayWatch } from '@fourway/platform-stream';
import { overloaded, quotaExceeded } from './sales-door-problems.ts';

export interface SalesDoorOptions {
  /** Requests a second, by principal; who is not in it is not limited. */
  readonly quotas: Quotas;
  /** Of the way that a payment takes once it is accepted. */
  readonly path: Pick<DelayWatch, 'isBehind'>;
  readonly clock: Clock;
  /** Told of each refusal; a principal without a quota is `other`. */
  readonly onRefused: (code: string, principal: string) => void;
}

/**
 * Where new orders and new payments are turned away before anything is stored. Nobody passes it who asks for what is there: a request
 * that comes again, a query, an order's end.
 */
export class SalesDoor {
  readonly #options: SalesDoorOptions;
  /** One a quota, so as many as are configured. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: SalesDoorOptions) {
    this.#options = options;
  }

  /**
   * A new order: it costs the switch nothing before somebody pays it, so only the quota counts.
   * @throws HttpProblem 429 `quota_exceeded` with `Retry-After`
   */
  passOrder(principal: string): void {
    const { quotas, clock, onRefused } = this.#options;
    const perSecond = quotas.get(principal);
    if (perSecond === undefined) return;
    const taken = takeToken(this.#buckets.get(principal) ?? null, perSecond, clock.nowMs());
    this.#buckets.set(principal, taken.bucket);
    if (taken.isTaken) return;
    onRefused('quota_exceeded', principal);
    throw quotaExceeded(perSecond, taken.retryAfterMs);
  }

  /**
   * A new payment.
   * @throws HttpProblem 503 `overloaded`, 429 `quota_exceeded`, each with `Retry-After`
   */
  passPayment(principal: string): void {
    const { path, quotas, onRefused } = this.#options;
    if (path.isBehind) {
      onRefused('overloaded', quotas.has(principal) ? principal : 'other');
      throw overloaded();
    }
    this.passOrder(principal);
  }
}

import type { FieldError } from '@fourway/kernel';
import { quotaWindowMs } from './offered-sales.ts';
import type { LoadVerdict } from './partition-gate.ts';

/** A refusal that says nothing against the request: sent again by the same ids, it is decided. */
export interface LoadRefusal extends FieldError {
  readonly code: Exclude<LoadVerdict, 'admit'>;
  /** Milliseconds to wait before it is sent again, at least 1. */
  readonly retryAfterMs: number;
}

/** Built once each: what is refused for load must cost next to nothing. */
export const loadRefusals: Readonly<Record<LoadRefusal['code'], LoadRefusal>> = {
  quota_exceeded: Object.freeze({
    code: 'quota_exceeded',
    field: 'upstream_id',
    rule: `no more new payments in ${quotaWindowMs / 1_000} seconds than the quota that the upstream agreed on`,
    remedy: 'wait for retry_after_ms, then send the same operation again under its id, or agree on a higher quota',
    retryAfterMs: quotaWindowMs,
  }),
  overloaded: Object.freeze({
    code: 'overloaded',
    field: 'operation_id',
    rule: 'new payments are taken while those before them are decided in time; operations on payments always are',
    remedy: 'wait for retry_after_ms, then send the same operation again under its id',
    retryAfterMs: 2_000,
  }),
};

/** True for the code of a refusal for load: what it refuses is not over, and may even be decided. */
export const isLoadRefusal = (code: string): code is LoadRefusal['code'] => Object.hasOwn(loadRefusals, code);

import { defined } from '@fourway/kernel';
import type { Run } from './find-entities.ts';

/** A request that may change the directory, for the record of who changed what. */
export interface Call {
  /** `<type>:<id>`. */
  readonly principal: string;
  readonly requestId: string;
  /** What was asked for, e.g. `merchant.create`. */
  readonly action: string;
  /** The entity it was asked for, by `keyOf`. */
  readonly subject: string;
}

/** Writes a call into the audit table; its number. */
export async function recordCall(run: Run, { principal, requestId, action, subject }: Call): Promise<bigint> {
  const [row] = await run({
    name: 'record-call',
    text: 'insert into call (principal, request_id, action, subject) values ($1, $2, $3, $4) returning call_number',
    values: [principal, requestId, action, subject],
  });
  return BigInt(defined(row?.[0], 'call_number'));
}

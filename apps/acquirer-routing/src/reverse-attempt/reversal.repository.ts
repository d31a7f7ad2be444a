import type { AttemptKind } from '../acquirer-link/attempt-kind.ts';
import { defined } from '@fourway/kernel';
import { isReversalDone } from '@fourway/routing';
import type { Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';

/** A reversal that is due: 0420 on its first try, 0421 on every other. */
export interface DueReversal {
  readonly operationId: string;
  readonly attemptNo: number;
  readonly acquirerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly cardToken: string;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly mcc: string;
  readonly kind: AttemptKind;
  /** How often it went out before this time. */
  readonly tries: number;
}

export interface ReversalAcknowledgement {
  readonly operationId: string;
  readonly attemptNo: number;
  /** DE39 of the 0430. */
  readonly responseCode: string;
}

/** The store-and-forward queue of reversals: a row is pending until its 0430 is here. */
export class ReversalRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** Takes due reversals and sets when each is due again, so that no other replica sends it meanwhile. */
  async takeDue(limit: number): Promise<DueReversal[]> {
    const rows = await this.#queries.query({
      name: 'take_due_reversals',
      // By row address, as in the parked queue and for the same reason.
      text: `update reversal set tries = tries + 1, due_at = now() + least(interval '5 seconds' * 2 ^ least(tries, 10), interval '5 minutes')
        where ctid = any(array(select ctid from reversal where state = 'pending' and due_at <= now() order by due_at limit $1 for update skip locked))
        returning operation_id, attempt_no, acquirer_id, amount_minor, currency, card_token, merchant_id, terminal_id, mcc, kind, tries - 1`,
      values: [limit],
    });
    return rows.map(dueOf);
  }

  /** Records 0430s; one that does not say the money is back leaves its reversal due again. */
  async acknowledge(answers: readonly ReversalAcknowledgement[]): Promise<void> {
    const acknowledged = answers.filter(({ responseCode }) => isReversalDone(responseCode));
    if (acknowledged.length === 0) return;
    await this.#queries.query({
      name: 'acknowledge_reversals',
      text: `update reversal r set state = 'acknowledged', acknowledged_at = now(), response_code = a.response_code
        from unnest($1::uuid[], $2::smallint[], $3::text[]) a (operation_id, attempt_no, response_code)
        where (r.operation_id, r.attempt_no) = (a.operation_id, a.attempt_no) and r.state = 'pending'`,
      values: [
        acknowledged.map((a) => a.operationId),
        acknowledged.map((a) => a.attemptNo),
        acknowledged.map((a) => a.responseCode),
      ],
    });
  }

  /** Pending reversals, and the age of the oldest in seconds: after 24 hours it is a person's work. */
  async backlog(): Promise<{ pending: number; oldestSeconds: number }> {
    const [row] = await this.#queries.query({
      name: 'reversal_backlog',
      text: `select count(*), coalesce(extract(epoch from now() - min(created_at)), 0) from reversal where state = 'pending'`,
      values: [],
    });
    return { pending: Number(row?.[0] ?? 0), oldestSeconds: Number(row?.[1] ?? 0) };
  }
}

function dueOf([
  operationId,
  attemptNo,
  acquirerId,
  amountMinor,
  currency,
  cardToken,
  merchantId,
  terminalId,
  mcc,
  kind,
  tries,
]: Row): DueReversal {
  return {
    operationId: defined(operationId, 'operation_id'),
    attemptNo: Number(attemptNo),
    acquirerId: defined(acquirerId, 'acquirer_id'),
    amountMinor: BigInt(defined(amountMinor, 'amount_minor')),
    currency: defined(currency, 'currency'),
    cardToken: defined(cardToken, 'card_token'),
    merchantId: defined(merchantId, 'merchant_id'),
    terminalId: defined(terminalId, 'terminal_id'),
    mcc: defined(mcc, 'mcc'),
    kind: defined(kind, 'kind') as AttemptKind,
    tries: Number(tries),
  };
}

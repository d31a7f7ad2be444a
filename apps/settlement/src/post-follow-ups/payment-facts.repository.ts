import type { Outcome } from '@fourway/contracts';
import { defined, isCurrency } from '@fourway/kernel';
import type { Database, Row } from '@fourway/platform-postgres';
import type { Fact } from '../post-outcomes/fact-of-outcome.ts';
import { isReturnOf, PaymentFacts } from './payment-facts.ts';

/** Reads what the ledger has of payments that operations are on. */
export class PaymentFactsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Notes which operations are of which payment, then reads the payments' facts. Noted before it is posted, so a note may be without a
   * fact; it changes nothing then.
   * @param outcomes approved captures, refunds, voids and reversals
   */
  async of(outcomes: readonly Outcome[]): Promise<ReadonlyMap<string, PaymentFacts>> {
    if (outcomes.length === 0) return new Map();
    const rows = await this.#database.query({
      name: 'facts-of-payments',
      text: factsText,
      values: [
        outcomes.map(({ rootId }) => rootId),
        outcomes.map(({ operationId }) => operationId),
        outcomes.map(isReturnOf),
      ],
    });
    const payments = new Map(outcomes.map(({ rootId }) => [rootId, new PaymentFacts()]));
    for (const [rootId, isReturn, ...fact] of rows)
      payments.get(defined(rootId, 'root_id'))?.add({ fact: factOf(fact), isReturn: isReturn === 't' });
    return payments;
  }
}

// One index look-up a fact; its own note of now is not seen, and needs not be.
const factsText = `
with asked as (
  select * from unnest($1::uuid[], $2::uuid[], $3::boolean[]) a (root_id, operation_id, is_return)
), noted as (
  insert into payment_fact select * from asked on conflict do nothing
), roots as (
  select distinct root_id from asked
), known as (
  select root_id, root_id as operation_id, false as is_return, 0 as place from roots
  union all
  select p.root_id, p.operation_id, p.is_return, 1 from payment_fact p join roots using (root_id)
)
select k.root_id, k.is_return, f.operation_id, f.merchant_id, lpad(f.acquirer_id::text, 8, '0'), lpad(f.issuer_id::text, 8, '0'), f.fee_terms_id,
  f.card_type, f.currency, f.business_date, f.gross, f.mdr, f.issuer_fee, f.network_fee_issuer, f.network_fee_acquirer, f.acquirer_margin,
  f.provider_share, f.agent_share
from known k cross join lateral (select * from fact where operation_id = k.operation_id offset 0) f
order by k.root_id, k.place, k.operation_id`;

function factOf(row: Row): Fact {
  const [operationId, merchantId, acquirerId, issuerId, feeTermsId, cardType, currency, businessDate, ...amounts] = row;
  const minor = amounts.map((amount) => BigInt(amount ?? '0'));
  const [grossMinor, mdrMinor, issuerFeeMinor, networkFeeIssuerMinor, networkFeeAcquirerMinor, ...shares] = minor;
  if (currency === null || currency === undefined || !isCurrency(currency))
    throw new Error('broken invariant: a posted fact has a currency');
  return {
    operationId: defined(operationId, 'operation_id'),
    merchantId: defined(merchantId, 'merchant_id'),
    acquirerId: defined(acquirerId, 'acquirer_id'),
    issuerId: defined(issuerId, 'issuer_id'),
    feeTermsId: Number(feeTermsId),
    cardType: cardType === 'D' ? 'debit' : 'credit',
    currency,
    businessDate: defined(businessDate, 'business_date'),
    grossMinor: defined(grossMinor, 'gross'),
    fees: {
      mdrMinor: defined(mdrMinor, 'mdr'),
      issuerFeeMinor: defined(issuerFeeMinor, 'issuer_fee'),
      networkFeeIssuerMinor: defined(networkFeeIssuerMinor, 'network_fee_issuer'),
      networkFeeAcquirerMinor: defined(networkFeeAcquirerMinor, 'network_fee_acquirer'),
      acquirerMarginMinor: defined(shares[0], 'acquirer_margin'),
      providerShareMinor: defined(shares[1], 'provider_share'),
      agentShareMinor: defined(shares[2], 'agent_share'),
    },
  };
}

import { defined } from '@fourway/kernel';
import type { Database, Row } from '@fourway/platform-postgres';

/** One captured sale of a cycle with the parties of its fee contract; amounts in minor units. */
export interface CycleFact {
  readonly operationId: string;
  /** `YYYY-MM-DD`; earlier than the cycle where the sale came after its own cycle had closed. */
  readonly businessDate: string;
  readonly merchantId: string;
  /** 8 digits. */
  readonly acquirerId: string;
  /** 8 digits. */
  readonly issuerId: string;
  /** D debit, C credit. */
  readonly cardType: string;
  readonly currency: string;
  /** `<contract id>.<version>`. */
  readonly feeContract: string;
  /** Percent-encoded, so that nothing in it can end a field, a line or a path; empty where the contract has none. */
  readonly providerId: string;
  readonly agentId: string;
  readonly grossMinor: bigint;
  readonly mdrMinor: bigint;
  readonly issuerFeeMinor: bigint;
  /** The acquirer's side of the network fee. */
  readonly networkFeeMinor: bigint;
  readonly acquirerMarginMinor: bigint;
  readonly providerShareMinor: bigint;
  readonly agentShareMinor: bigint;
}

interface Terms {
  readonly feeContract: string;
  readonly providerId: string;
  readonly agentId: string;
}

// Small enough that making a page's lines keeps the event loop for some 20 ms only.
const pageRows = 4_000;

/**
 * The facts of a closed cycle by operation id, a page at a time; the next page is asked for while one is worked on. A closed cycle does not
 * change, so the pages need no transaction. Days are read in order by the key that is there: the hot path pays for no index.
 */
export async function* cycleFacts(database: Database, cycleId: string): AsyncGenerator<CycleFact[]> {
  const terms = await termsOf(database);
  const days = await database.query({
    name: '',
    text: `select settlement.id_floor(day), settlement.id_floor(day + 1) from settlement.cycle_fact_day where cycle_id = $1 order by day`,
    values: [cycleId],
  });
  for (const [from, until] of days) {
    const page = (after: string): Promise<Row[]> =>
      database.query({ name: '', text: pageText, values: [after, until, cycleId] });
    let next = page(defined(from, 'first id of a day'));
    for (let isLast = false; !isLast;) {
      const rows = await next;
      isLast = rows.length < pageRows;
      if (!isLast) next = page(defined(rows.at(-1)?.[0], 'operation_id'));
      // A reader that stops here leaves this page unread; its failure is the next statement's, not the process's.
      next.catch(() => undefined);
      if (rows.length > 0) yield rows.map((row) => factOf(row, terms));
    }
  }
}

const pageText = `select operation_id, business_date, merchant_id, acquirer_id, issuer_id, card_type, currency, fee_terms_id,
    gross, mdr, issuer_fee, network_fee_acquirer, acquirer_margin, provider_share, agent_share
  from settlement.fact where operation_id > $1 and operation_id < $2 and cycle = $3 order by operation_id limit ${pageRows}`;

async function termsOf(database: Database): Promise<ReadonlyMap<string, Terms>> {
  const rows = await database.query({
    name: '',
    text: `select fee_terms_id, fee_contract_id || '.' || version, provider_id, agent_id from settlement.fee_contract`,
    values: [],
  });
  return new Map(
    rows.map(([id, feeContract, providerId, agentId]) => [
      defined(id, 'fee_terms_id'),
      {
        feeContract: feeContract ?? '',
        providerId: encodeURIComponent(providerId ?? ''),
        agentId: encodeURIComponent(agentId ?? ''),
      },
    ]),
  );
}

function factOf(row: Row, terms: ReadonlyMap<string, Terms>): CycleFact {
  const text = (column: number): string => defined(row[column], 'fact column');
  const minor = (column: number): bigint => BigInt(text(column));
  const { feeContract, providerId, agentId } = defined(terms.get(text(7)), 'fee terms of a fact');
  return {
    operationId: text(0),
    businessDate: text(1),
    merchantId: text(2).padStart(15, '0'),
    acquirerId: text(3).padStart(8, '0'),
    issuerId: text(4).padStart(8, '0'),
    cardType: text(5),
    currency: text(6),
    feeContract,
    providerId,
    agentId,
    grossMinor: minor(8),
    mdrMinor: minor(9),
    issuerFeeMinor: minor(10),
    networkFeeMinor: minor(11),
    acquirerMarginMinor: minor(12),
    providerShareMinor: minor(13),
    agentShareMinor: minor(14),
  };
}

import { defined } from '@fourway/kernel';
import type { Database, Row, Statement } from '@fourway/platform-postgres';
import type { TopicPartitionOffset } from '@fourway/platform-stream';
import type { PublishedFeeContract } from './fee-contract-of-record.ts';
import type { FeeContractTerms } from './fee-contracts.ts';

/** Settlement's own projection of the fee contracts, every version, and how far the directory was read. */
export class FeeContractRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores versions that are new; those stored before stay as they are, since facts may name them. */
  async store(published: readonly PublishedFeeContract[]): Promise<FeeContractTerms[]> {
    if (published.length === 0) return [];
    await this.#database.query({ name: 'fee-contract-insert', text: insertText, values: insertValues(published) });
    const ids = published.map(({ contract }) => contract.feeContractId);
    return (await this.#database.query(selectNewest([...new Set(ids)]))).map(termsOfRow);
  }

  /** The newest version of every contract. */
  async newest(): Promise<FeeContractTerms[]> {
    return (await this.#database.query(selectNewest(null))).map(termsOfRow);
  }

  /** How far the topic was read into the projection. */
  async readPositions(topic: string): Promise<TopicPartitionOffset[]> {
    const rows = await this.#database.query({
      name: 'positions',
      text: 'select partition, next_offset from cursor where topic = $1',
      values: [topic],
    });
    return rows.map(([partition, offset]) => ({
      topic,
      partition: Number(partition),
      offset: BigInt(defined(offset, 'cursor.next_offset')),
    }));
  }

  /** Every replica reads the whole topic, so a position may be stored by several; the furthest holds. */
  async storePosition({ topic, partition, offset }: TopicPartitionOffset): Promise<void> {
    await this.#database.query({
      name: 'position-upsert',
      text: `insert into cursor as c (topic, partition, next_offset) values ($1, $2, $3)
        on conflict (topic, partition) do update set next_offset = greatest(c.next_offset, excluded.next_offset)`,
      values: [topic, partition, offset],
    });
  }
}

const columns = [
  ['fee_contract_id', 'int'],
  ['version', 'bigint'],
  ['acquirer_id', 'int'],
  ['provider_id', 'text'],
  ['agent_id', 'text'],
  ['mdr_ppm', 'bigint'],
  ['issuer_debit_ppm', 'bigint'],
  ['issuer_credit_ppm', 'bigint'],
  ['issuer_debit_cap_minor', 'bigint'],
  ['network_ppm', 'bigint'],
  ['network_cap_minor', 'bigint'],
  ['acquirer_parts', 'bigint'],
  ['provider_parts', 'bigint'],
  ['agent_parts', 'bigint'],
] as const;
const names = columns.map(([name]) => name).join(', ');

const insertText = `insert into fee_contract (${names})
  select * from unnest(${columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
  on conflict (fee_contract_id, version) do nothing`;

function insertValues(published: readonly PublishedFeeContract[]): unknown[] {
  const rows = published.map(({ version, contract }) => [
    contract.feeContractId,
    version,
    contract.acquirerId,
    contract.providerId,
    contract.agentId,
    contract.mdrPpm,
    contract.issuerDebitPpm,
    contract.issuerCreditPpm,
    contract.issuerDebitCapMinor,
    contract.networkPpm,
    contract.networkCapMinor,
    contract.acquirerParts,
    contract.providerParts,
    contract.agentParts,
  ]);
  return columns.map((_, column) => rows.map((row) => row[column]));
}

const selectNewest = (ids: readonly number[] | null): Statement => ({
  name: 'fee-contract-newest',
  text: `select distinct on (fee_contract_id) fee_terms_id, ${names} from fee_contract
    where $1::int[] is null or fee_contract_id = any($1) order by fee_contract_id, version desc`,
  values: [ids],
});

function termsOfRow(row: Row): FeeContractTerms {
  const number = (column: number): bigint => BigInt(defined(row[column], `fee_contract column ${column}`));
  return {
    feeTermsId: Number(row[0]),
    feeContractId: Number(row[1]),
    version: number(2),
    acquirerId: String(row[3]).padStart(8, '0'),
    terms: {
      mdrPpm: number(6),
      issuerDebitPpm: number(7),
      issuerCreditPpm: number(8),
      issuerDebitCapMinor: number(9),
      networkPpm: number(10),
      networkCapMinor: number(11),
      marginParts: [number(12), number(13), number(14)],
    },
  };
}

import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Facts, their legs and partitions, and the rule that a fact never changes. */
export class Ledger1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(facts);
    await runner.query(partitions);
    await runner.query(legs);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view leg;
      drop function legs_of(bigint, int, int, int, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint);
      drop table account_purpose, fact, fee_contract;
      drop function ensure_fact_partition(date), id_floor(date), refuse_change();
    `);
  }
}

const facts = `
  -- Every version of every fee contract that was ever seen; a fact names the one it was computed with.
  create table fee_contract (
    fee_terms_id int generated always as identity primary key,
    fee_contract_id int not null,
    version bigint not null,
    acquirer_id int not null,
    provider_id text not null,
    agent_id text not null,
    mdr_ppm bigint not null,
    issuer_debit_ppm bigint not null,
    issuer_credit_ppm bigint not null,
    issuer_debit_cap_minor bigint not null,
    network_ppm bigint not null,
    network_cap_minor bigint not null,
    acquirer_parts bigint not null,
    provider_parts bigint not null,
    agent_parts bigint not null,
    unique (fee_contract_id, version)
  );

  -- One row a captured sale, widest columns first so that none is padded.
  create table fact (
    operation_id uuid primary key,
    merchant_id bigint not null,
    gross bigint not null,
    mdr bigint not null,
    issuer_fee bigint not null,
    network_fee_issuer bigint not null,
    network_fee_acquirer bigint not null,
    acquirer_margin bigint not null,
    provider_share bigint not null,
    agent_share bigint not null,
    business_date date not null,
    acquirer_id int not null,
    issuer_id int not null,
    fee_terms_id int not null,
    slot smallint not null,
    card_type "char" not null,
    currency text collate "C" not null,
    constraint fact_sums_to_zero check (mdr = issuer_fee + network_fee_acquirer + acquirer_margin + provider_share + agent_share),
    constraint fact_amounts check (gross > 0 and mdr between 0 and gross and issuer_fee >= 0 and network_fee_issuer >= 0
      and network_fee_acquirer >= 0 and provider_share >= 0 and agent_share >= 0),
    constraint fact_card_type check (card_type in ('D', 'C')),
    constraint fact_currency check (length(currency) = 3)
  ) partition by range (operation_id);
  comment on column fact.slot is 'slot of the balances it was posted to';
  comment on column fact.card_type is 'D debit, C credit';

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'a posted fact never changes: post a correcting fact instead' using errcode = 'restrict_violation';
  end $$;
  create trigger fact_never_changes before update or delete on fact for each row execute function refuse_change();
`;

const partitions = `
  -- The smallest UUID of a day (UTC): the bound of an id partition.
  create function id_floor(day date) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
  $$;
  -- Attached rather than created in place: that needs no lock which posting would wait for.
  create function ensure_fact_partition(day date) returns boolean language plpgsql as $$
  declare
    part text := 'fact_' || to_char(day, 'YYYYMMDD');
  begin
    if to_regclass(part) is not null then return false; end if;
    perform pg_advisory_xact_lock(hashtext(current_schema() || '.' || part));
    if to_regclass(part) is not null then return false; end if;
    execute format('create table %I (like fact including constraints)', part);
    execute format('alter table fact attach partition %I for values from (%L) to (%L)', part, id_floor(day), id_floor(day + 1));
    execute format('create trigger fact_never_vanishes before truncate on %I execute function refuse_change()', part);
    return true;
  end $$;
`;

/** The numbers are stored in balances; libs/ledger's postingsOf says the same in TypeScript, and a test holds the two together. */
const legs = `
  create table account_purpose (purpose smallint primary key, owner_type text not null, name text not null, unique (owner_type, name));
  insert into account_purpose values
    (1, 'issuer', 'clearing'), (2, 'merchant', 'payable'), (3, 'provider', 'payable'), (4, 'agent', 'payable'),
    (5, 'acquirer', 'margin'), (6, 'network', 'fee_issuer'), (7, 'network', 'fee_acquirer');

  create function legs_of(
    merchant_id bigint, acquirer_id int, issuer_id int, fee_terms_id int, gross bigint, mdr bigint, issuer_fee bigint,
    network_fee_issuer bigint, network_fee_acquirer bigint, acquirer_margin bigint, provider_share bigint, agent_share bigint
  ) returns table (purpose smallint, owner_id bigint, amount bigint) language sql immutable as $$
    select * from (values
      (1::smallint, issuer_id::bigint, issuer_fee - gross - network_fee_issuer),
      (2::smallint, merchant_id, gross - mdr),
      (3::smallint, fee_terms_id::bigint, provider_share),
      (4::smallint, fee_terms_id::bigint, agent_share),
      (5::smallint, acquirer_id::bigint, acquirer_margin),
      (6::smallint, 0::bigint, network_fee_issuer),
      (7::smallint, 0::bigint, network_fee_acquirer)
    ) legs(purpose, owner_id, amount) where amount <> 0
  $$;

  create view leg as
    select f.operation_id, f.business_date, f.currency, f.slot, l.purpose, l.owner_id, l.amount
    from fact f cross join lateral legs_of(f.merchant_id, f.acquirer_id, f.issuer_id, f.fee_terms_id, f.gross, f.mdr, f.issuer_fee,
      f.network_fee_issuer, f.network_fee_acquirer, f.acquirer_margin, f.provider_share, f.agent_share) l;
`;

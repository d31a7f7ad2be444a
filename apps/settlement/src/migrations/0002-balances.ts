import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Balances per account and slot, the cursors that fence their writers, and the checker. */
export class Balances1763800000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(balances);
    await runner.query(checker);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view imbalance, account_balance;
      drop function account_name(smallint, bigint, text), refuse_stale_cursor(bigint, bigint);
      drop table cursor, balance;
    `);
  }
}

const balances = `
  -- One writer a row: slot is the lowest partition its replica reads, and replicas read disjoint ones. The free fifth of each page keeps updates out of the index.
  create table balance (
    owner_id bigint not null,
    amount bigint not null,
    purpose smallint not null check (purpose between 1 and 7),
    slot smallint not null,
    currency text collate "C" not null,
    primary key (owner_id, purpose, slot, currency)
  ) with (fillfactor = 80);
  comment on table balance is '+: the switch owes the owner';
  comment on column balance.purpose is 'account_purpose; a foreign key would cost an eighth of a posting';
  comment on column balance.owner_id is 'provider and agent: fee_contract.fee_terms_id; network: 0; else the id as a number';

  create table cursor (
    topic text not null,
    partition smallint not null,
    next_offset bigint not null,
    primary key (topic, partition)
  ) with (fillfactor = 50);

  -- Called inside the statement that posts: raising takes back everything the statement did.
  create function refuse_stale_cursor(expected bigint, moved bigint) returns boolean language plpgsql as $$
  begin
    if moved <> expected then
      raise exception 'another writer moved the cursor: % of % partitions stood where expected', moved, expected using errcode = 'FW001';
    end if;
    return true;
  end $$;
`;

const checker = `
  create function account_name(purpose smallint, owner_id bigint, currency text) returns text language sql stable as $$
    select p.owner_type || ':' || coalesce(case p.owner_type
        when 'issuer' then lpad(owner_id::text, 8, '0')
        when 'acquirer' then lpad(owner_id::text, 8, '0')
        when 'merchant' then lpad(owner_id::text, 15, '0')
        when 'provider' then (select c.provider_id from fee_contract c where c.fee_terms_id = owner_id)
        when 'agent' then (select c.agent_id from fee_contract c where c.fee_terms_id = owner_id)
        else 'switch' end, 'unknown') || ':' || p.name || ':' || currency
    from account_purpose p where p.purpose = account_name.purpose
  $$;

  create view account_balance as
    select account_name(purpose, owner_id, currency) as account, sum(amount) as amount from balance group by 1;

  -- Empty when the books are right: every balance is the replay of its facts, and each currency sums to zero.
  create view imbalance as
    with replayed as (
      select purpose, owner_id, slot, currency, sum(amount) as amount from leg group by purpose, owner_id, slot, currency
    )
    select 'balance_differs' as problem, account_name(purpose, owner_id, currency) as account, slot, currency,
      coalesce(r.amount, 0) as replayed, coalesce(b.amount, 0)::numeric as stored
    from replayed r full join balance b using (purpose, owner_id, slot, currency)
    where coalesce(r.amount, 0) <> coalesce(b.amount, 0)
    union all
    select 'not_zero', '', null, currency, 0, sum(amount) from balance group by currency having sum(amount) <> 0;
`;

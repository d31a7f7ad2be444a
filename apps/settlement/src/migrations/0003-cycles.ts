import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';
import { checkerOfCycles, checkerWithoutCycles } from './0003-cycles-checker.ts';

/** Cycles: facts and balances know theirs, cut marks close it, and a closed one never changes. */
export class Cycles1763800000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop view imbalance, account_balance, leg');
    for (const part of [cycles, cutMarks, facts, legs, balances, closing]) await runner.query(part);
    await runner.query(checkerOfCycles);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view imbalance, account_balance, leg');
    await runner.query(`
      drop function close_cycle(date, text, int), ensure_cycle(date, date[]);
      alter table balance rename to balance_by_cycle;
      alter table balance_by_cycle rename constraint balance_pkey to balance_by_cycle_pkey;
      create table balance (
        owner_id bigint not null,
        amount bigint not null,
        purpose smallint not null check (purpose between 1 and 7),
        slot smallint not null,
        currency text collate "C" not null,
        primary key (owner_id, purpose, slot, currency)
      ) with (fillfactor = 80);
      insert into balance select owner_id, sum(amount), purpose, slot, currency from balance_by_cycle
        where purpose <= 7 group by owner_id, purpose, slot, currency;
      drop table balance_by_cycle;
      drop trigger fact_cycle_is_open on fact;
      do $$ declare part regclass; begin
        for part in select inhrelid::regclass from pg_inherits where inhparent = 'fact'::regclass loop
          execute format('drop trigger fact_cycle_is_open on %s', part);
        end loop;
      end $$;
      alter table fact drop column cycle;
      delete from account_purpose where purpose > 7;
      drop table cycle_file, cycle_position, cycle_fact_day, cut_mark, cycle;
      alter table cursor drop column closed_through;
      drop aggregate sum_minor(bigint);
      drop function refuse_closed_cycle(), refuse_cycle_change(), refuse_closed_balance(), refuse_cycle_detail(), has_table(text);
    `);
    await runner.query(checkerWithoutCycles);
  }
}

const cycles = `
  create table cycle (
    cycle_id date primary key,
    state text not null default 'open' check (state in ('open', 'closed', 'filed', 'announced')),
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    filed_at timestamptz,
    announced_at timestamptz,
    leased_until timestamptz not null default '-infinity'
  );
  comment on table cycle is 'one a business date: open, closed (positions), filed (files), announced (settlement.cycles.v1)';
  comment on column cycle.leased_until is 'while a replica writes its files';

  create function refuse_cycle_change() returns trigger language plpgsql as $$
  declare
    states constant text[] := array['open', 'closed', 'filed', 'announced'];
  begin
    if tg_op = 'DELETE' or (old.state <> 'open' and (new.cycle_id, new.opened_at, new.closed_at) is distinct from (old.cycle_id, old.opened_at, old.closed_at))
      or array_position(states, new.state) < array_position(states, old.state) then
      raise exception 'cycle % is %: it only goes forward', old.cycle_id, old.state using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create trigger cycle_goes_forward before update or delete on cycle for each row execute function refuse_cycle_change();

  create table cycle_position (
    cycle_id date not null references cycle,
    participant_type text not null check (participant_type in ('issuer', 'acquirer', 'network')),
    participant_id text not null,
    currency text collate "C" not null,
    net_minor bigint not null,
    primary key (cycle_id, participant_type, participant_id, currency)
  );
  comment on column cycle_position.net_minor is '+: the switch owes the participant';

  create table cycle_file (
    cycle_id date not null references cycle,
    path text not null,
    participant_type text not null check (participant_type in ('acquirer', 'provider')),
    participant_id text not null,
    currency text collate "C" not null,
    details bigint not null,
    net_minor bigint not null,
    bytes bigint not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    primary key (cycle_id, path)
  );

  -- The days (UTC, of the operation id) whose partitions hold facts of a cycle: its files are read from those and no others.
  create table cycle_fact_day (cycle_id date not null references cycle, day date not null, primary key (cycle_id, day));

  -- Positions are made by the transaction that closes, files by the one that files; nothing is added, changed or taken away after.
  create function refuse_cycle_detail() returns trigger language plpgsql as $$
  begin
    if tg_op <> 'INSERT' or (select state from cycle where cycle_id = new.cycle_id) is distinct from tg_argv[0] then
      raise exception '% of a closed cycle never change', tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;
  create trigger cycle_positions_never_change before insert or update or delete on cycle_position
    for each row execute function refuse_cycle_detail('open');
  create trigger cycle_positions_never_vanish before truncate on cycle_position execute function refuse_cycle_detail();
  create trigger cycle_files_never_change before insert or update or delete on cycle_file
    for each row execute function refuse_cycle_detail('closed');
  create trigger cycle_files_never_vanish before truncate on cycle_file execute function refuse_cycle_detail();
`;

const cutMarks = `
  alter table cursor add column closed_through date;
  comment on column cursor.closed_through is 'the last business date that all source partitions have marked in this partition';
  create table cut_mark (
    business_date date not null,
    partition smallint not null,
    source_partition smallint not null,
    seen_at timestamptz not null default now(),
    primary key (business_date, partition, source_partition)
  );
`;

/** Nothing was released before cycles: what a developer's ledger holds was decided and never closed, so its cycle is its date. */
const facts = `
  alter table fact add column cycle date;
  alter table fact disable trigger fact_never_changes;
  update fact set cycle = business_date;
  alter table fact enable trigger fact_never_changes;
  alter table fact alter column cycle set not null;
  comment on column fact.cycle is 'the cycle it settles in; later than business_date where that one had closed';
  insert into cycle (cycle_id) select distinct cycle from fact;
  insert into cycle_fact_day
    select distinct cycle, to_timestamp(('x' || substr(translate(operation_id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)::date from fact;

  -- Once a statement, over what it inserted: cycles close in the order of their dates, so the last closed one is the bar.
  create function refuse_closed_cycle() returns trigger language plpgsql as $$
  begin
    if exists (select from added where cycle <= (select max(cycle_id) from cycle where state <> 'open')) then
      raise exception 'the cycle of a fact is closed: it belongs to the open one' using errcode = 'restrict_violation';
    end if;
    return null;
  end $$;
  create index cycle_closed on cycle (cycle_id) where state <> 'open';
  create trigger fact_cycle_is_open after insert on fact referencing new table as added execute function refuse_closed_cycle();

  -- Reads the catalog rather than the session's cache of it, where a table that another session has just made is still missing.
  create function has_table(name text) returns boolean language plpgsql volatile as $$
  begin
    return exists (select from pg_class where relname = name and relnamespace = current_schema()::regnamespace);
  end $$;
  create or replace function ensure_fact_partition(day date) returns boolean language plpgsql as $$
  declare
    part text := 'fact_' || to_char(day, 'YYYYMMDD');
  begin
    if has_table(part) then return false; end if;
    perform pg_advisory_xact_lock(hashtext(current_schema() || '.' || part));
    if has_table(part) then return false; end if;
    execute format('create table %I (like fact including constraints)', part);
    execute format('alter table fact attach partition %I for values from (%L) to (%L)', part, id_floor(day), id_floor(day + 1));
    execute format('create trigger fact_never_vanishes before truncate on %I execute function refuse_change()', part);
    -- An insert that names the partition passes the parent's trigger by.
    execute format('create trigger fact_cycle_is_open after insert on %I referencing new table as added execute function refuse_closed_cycle()', part);
    return true;
  end $$;
  do $$ declare part regclass; begin
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'fact'::regclass loop
      execute format('create trigger fact_cycle_is_open after insert on %s referencing new table as added execute function refuse_closed_cycle()', part);
    end loop;
  end $$;
`;

/** Two books, each of which sums to zero: the network's (issuers, acquirers, network) and the acquirers' own, bridged by what an acquirer gets. */
const legs = `
  insert into account_purpose values (8, 'acquirer', 'clearing'), (9, 'acquirer', 'funding');

  create or replace function legs_of(
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
      (7::smallint, 0::bigint, network_fee_acquirer),
      (8::smallint, acquirer_id::bigint, gross - issuer_fee - network_fee_acquirer),
      (9::smallint, acquirer_id::bigint, issuer_fee + network_fee_acquirer - gross)
    ) legs(purpose, owner_id, amount) where amount <> 0
  $$;

  -- For money in bigint: adds without a detour over numeric, and fails rather than wrap.
  create aggregate sum_minor(bigint) (sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe);

  create view leg as
    select f.operation_id, f.business_date, f.cycle, f.currency, f.slot, l.purpose, l.owner_id, l.amount
    from fact f cross join lateral legs_of(f.merchant_id, f.acquirer_id, f.issuer_id, f.fee_terms_id, f.gross, f.mdr, f.issuer_fee,
      f.network_fee_issuer, f.network_fee_acquirer, f.acquirer_margin, f.provider_share, f.agent_share) l;
`;

const balances = `
  alter table balance rename to balance_without_cycle;
  alter table balance_without_cycle rename constraint balance_pkey to balance_without_cycle_pkey;
  -- One writer a row, as before, and one partition a cycle: closing reads that one alone, and seals it.
  create table balance (
    owner_id bigint not null,
    amount bigint not null,
    cycle date not null,
    purpose smallint not null check (purpose between 1 and 9),
    slot smallint not null,
    currency text collate "C" not null,
    primary key (owner_id, cycle, purpose, slot, currency)
  ) partition by list (cycle);
  comment on table balance is '+: the switch owes the owner; an account''s balance is the sum over its cycles and slots';
  comment on column balance.purpose is 'account_purpose; a foreign key would cost an eighth of a posting';
  comment on column balance.owner_id is 'provider and agent: fee_contract.fee_terms_id; network: 0; else the id as a number';

  -- Opens a cycle, and makes room for its facts of the given days (UTC, of the operation ids). Cheap where all is there.
  create function ensure_cycle(wanted date, days date[]) returns void language plpgsql as $$
  declare
    part text := 'balance_' || to_char(wanted, 'YYYYMMDD');
    day date;
  begin
    if not has_table(part) then
      perform pg_advisory_xact_lock(hashtext(current_schema() || '.' || part));
      if not has_table(part) then
        -- The free fifth of each page keeps updates out of the index.
        execute format('create table %I (like balance including constraints including indexes) with (fillfactor = 80)', part);
        execute format('alter table balance attach partition %I for values in (%L)', part, wanted);
      end if;
    end if;
    insert into cycle (cycle_id) values (wanted) on conflict do nothing;
    foreach day in array days loop perform ensure_fact_partition(day); end loop;
    insert into cycle_fact_day select wanted, unnest(days) on conflict do nothing;
  end $$;

  select ensure_cycle(cycle_id, '{}') from cycle;
  insert into balance (owner_id, amount, cycle, purpose, slot, currency)
    select owner_id, sum(amount), cycle, purpose, slot, currency from leg group by owner_id, cycle, purpose, slot, currency;
  drop table balance_without_cycle;
`;

const closing = `
  create function refuse_closed_balance() returns trigger language plpgsql as $$
  begin
    raise exception 'the balances of a closed cycle never change' using errcode = 'restrict_violation';
  end $$;

  -- True for the one caller that closes the cycle. Every writer's statement moves a cursor that this transaction finds past the cut,
  -- so nothing that belongs to the cycle is still on its way.
  create function close_cycle(closing date, outcomes_topic text, outcomes_partitions int) returns boolean language plpgsql as $$
  declare
    part text := 'balance_' || to_char(closing, 'YYYYMMDD');
    unbalanced text;
  begin
    perform from cycle where cycle_id = closing and state = 'open' for update skip locked;
    if not found then return false; end if;
    if exists (select from cycle where cycle_id < closing and state = 'open') then return false; end if;
    if (select count(*) from cursor where topic = outcomes_topic and closed_through >= closing) < outcomes_partitions then
      return false;
    end if;
    insert into cycle_position (cycle_id, participant_type, participant_id, currency, net_minor)
      select closing, p.owner_type, case p.owner_type when 'network' then '0' else lpad(b.owner_id::text, 8, '0') end, b.currency, sum(b.amount)
      from balance b join account_purpose p using (purpose)
      where b.cycle = closing and b.purpose in (1, 6, 7, 8)
      group by 2, 3, 4;
    select string_agg(currency || ' ' || total, ', ') into unbalanced from (
      select currency, sum(net_minor) as total from cycle_position where cycle_id = closing group by currency having sum(net_minor) <> 0
      union all
      select currency, sum(amount) from balance where cycle = closing group by currency having sum(amount) <> 0) sums;
    if unbalanced is not null then
      raise exception 'cycle % does not sum to zero: %', closing, unbalanced using errcode = 'FW002';
    end if;
    execute format('create trigger balance_is_closed before insert or update or delete on %I for each row execute function refuse_closed_balance()', part);
    execute format('create trigger balance_never_vanishes before truncate on %I execute function refuse_closed_balance()', part);
    update cycle set state = 'closed', closed_at = now() where cycle_id = closing;
    return true;
  end $$;
`;

const accountBalance = `
  create view account_balance as
    select account_name(purpose, owner_id, currency) as account, sum(amount) as amount from balance group by 1;
`;

export const checkerOfCycles = `
  ${accountBalance}
  -- Empty when the books are right: every balance is the replay of its facts, each currency sums to zero in each cycle and in the
  -- network's book, and the positions of a closed cycle are the balances they were taken from.
  create view imbalance as
    with replayed as (
      select purpose, owner_id, cycle, slot, currency, sum(amount) as amount from leg group by purpose, owner_id, cycle, slot, currency
    ), sums as (
      select cycle, currency, sum(amount) as amount, sum(amount) filter (where purpose in (1, 6, 7, 8)) as network
      from balance group by cycle, currency
    ), due as (
      select b.cycle as cycle_id, p.owner_type as participant_type, b.currency, sum(b.amount) as amount,
        case p.owner_type when 'network' then '0' else lpad(b.owner_id::text, 8, '0') end as participant_id
      from balance b join account_purpose p using (purpose) join cycle c on c.cycle_id = b.cycle
      where b.purpose in (1, 6, 7, 8) and c.state <> 'open' group by 1, 2, 3, 5
    )
    select 'balance_differs' as problem, account_name(purpose, owner_id, currency) as account, cycle, slot, currency,
      coalesce(r.amount, 0) as replayed, coalesce(b.amount, 0)::numeric as stored
    from replayed r full join balance b using (purpose, owner_id, cycle, slot, currency)
    where coalesce(r.amount, 0) <> coalesce(b.amount, 0)
    union all
    select 'not_zero', '', cycle, null, currency, 0, amount from sums where amount <> 0
    union all
    select 'network_not_zero', '', cycle, null, currency, 0, network from sums where network <> 0
    union all
    select 'position_differs', participant_type || ':' || participant_id, cycle_id, null, currency,
      coalesce(d.amount, 0), coalesce(p.net_minor, 0)::numeric
    from due d full join cycle_position p using (cycle_id, participant_type, participant_id, currency)
    where coalesce(d.amount, 0) <> coalesce(p.net_minor, 0);
`;

/** As before the cycles, for the way back. */
export const checkerWithoutCycles = `
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
      (7::smallint, 0::bigint, network_fee_acquirer)
    ) legs(purpose, owner_id, amount) where amount <> 0
  $$;
  create or replace function ensure_fact_partition(day date) returns boolean language plpgsql as $$
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
  create view leg as
    select f.operation_id, f.business_date, f.currency, f.slot, l.purpose, l.owner_id, l.amount
    from fact f cross join lateral legs_of(f.merchant_id, f.acquirer_id, f.issuer_id, f.fee_terms_id, f.gross, f.mdr, f.issuer_fee,
      f.network_fee_issuer, f.network_fee_acquirer, f.acquirer_margin, f.provider_share, f.agent_share) l;
  ${accountBalance}
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

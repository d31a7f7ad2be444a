import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** The claim, the outcome, the reversal and the parked queue: the books of the authorization path. */
export class ClaimsAndOutcomes1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Partitioned by the id itself, so that its primary key is unique whatever date a copy carries, and old days drop as partitions.
      create table claim (
        operation_id uuid primary key,
        fingerprint bytea not null check (octet_length(fingerprint) = 16),
        merchant_id bigint not null,
        writer bigint not null,
        claimed_at timestamptz not null default now(),
        fee_contract_id int not null,
        acquirer_id text not null
      ) partition by range (operation_id);
      comment on column claim.writer is 'the incarnation of the process that may act on the claim';
      comment on column claim.acquirer_id is 'attempt no. 1; empty where none was chosen';

      create table outcome (
        operation_id uuid primary key,
        root_id uuid,
        merchant_id bigint not null,
        amount_minor bigint not null check (amount_minor > 0),
        requested_at timestamptz not null,
        decided_at timestamptz not null default now(),
        business_date date not null,
        fee_contract_id int not null,
        sequence smallint not null,
        kind text not null,
        status text not null check (status in ('approved', 'declined', 'reversed', 'expired')),
        response_code text not null,
        currency char(3) not null,
        acquirer_id text not null,
        issuer_id text not null,
        card_type text not null,
        rrn text not null,
        auth_code text not null,
        terminal_id text not null,
        scenario text not null,
        merchant_order_no text not null
      ) partition by range (operation_id);
      comment on column outcome.root_id is 'null where the operation is itself the root of its payment';

      create table reversal (
        operation_id uuid not null,
        attempt_no smallint not null,
        acquirer_id text not null,
        rrn text not null,
        amount_minor bigint not null,
        currency char(3) not null,
        card_token text not null,
        merchant_id bigint not null,
        terminal_id text not null,
        mcc text not null,
        reason text not null,
        state text not null default 'pending' check (state in ('pending', 'acknowledged')),
        tries int not null default 0,
        due_at timestamptz not null default now(),
        created_at timestamptz not null default now(),
        acknowledged_at timestamptz,
        response_code text,
        primary key (operation_id, attempt_no)
      );
      create index reversal_due on reversal (due_at) where state = 'pending';

      create table parked (
        source_topic text not null,
        source_partition int not null,
        source_offset bigint not null,
        root_id uuid not null,
        operation_id uuid not null,
        record bytea not null,
        due_at timestamptz not null,
        lease_until timestamptz not null default '-infinity',
        primary key (source_topic, source_partition, source_offset)
      );
      create index parked_due on parked (due_at);
      create index parked_operation on parked (operation_id);
    `);
    await runner.query(`
      -- Day partitions for every id that is inside the horizon, and three days ahead.
      create function ensure_id_partitions(days_back int, days_ahead int) returns int language plpgsql as $$
      declare
        made int := 0; parent text; day date; part text;
      begin
        foreach parent in array array['claim', 'outcome'] loop
          for day in select generate_series(current_date - days_back, current_date + days_ahead, interval '1 day')::date loop
            part := parent || '_' || to_char(day, 'YYYYMMDD');
            if to_regclass(part) is null then
              execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent, id_floor(day), id_floor(day + 1));
              made := made + 1;
            end if;
          end loop;
        end loop;
        return made;
      end $$;
      create function id_floor(day date) returns uuid language sql immutable as $$
        select (substr(lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0'), 1, 8) || '-'
          || substr(lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0'), 9, 4) || '-0000-0000-000000000000')::uuid
      $$;
      -- A business day ends at 23:00 in China.
      create function business_date(at timestamptz) returns date language sql stable as $$
        select ((at at time zone 'Asia/Shanghai') + interval '1 hour')::date
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table claim, outcome, reversal, parked;
      drop function ensure_id_partitions(int, int), id_floor(date), business_date(timestamptz);
    `);
  }
}

import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Operations on payments: the totals that bound them, what they undo, and how long an early one waits for its root. */
export class PaymentTotals1763800000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row a payment that has operations, made of its root's outcome when the first one comes: a plain sale has none.
      create table payment_totals (
        root_id uuid primary key,
        authorized_minor bigint not null,
        captured_minor bigint not null,
        refunded_minor bigint not null,
        voided_minor bigint not null,
        reserved_minor bigint not null,
        in_flight uuid,
        version int not null,
        sequence smallint not null,
        root_kind text not null check (root_kind in ('sale', 'authorize')),
        in_flight_kind text,
        state text not null,
        undone uuid[] not null default '{}',
        constraint captures_within_authorized check (captured_minor >= 0
          and captured_minor + case when in_flight_kind = 'capture' then reserved_minor else 0 end <= authorized_minor),
        constraint refunds_within_captured check (refunded_minor >= 0
          and refunded_minor + case when in_flight_kind = 'refund' then reserved_minor else 0 end <= captured_minor),
        constraint reserved_in_flight check ((in_flight is null) = (in_flight_kind is null) and (in_flight is null) = (reserved_minor = 0))
      ) partition by range (root_id);
      comment on table payment_totals is 'sums of the operations on a payment; the limits of guarantee G5 are its constraints too';
      comment on column payment_totals.in_flight is 'the one operation on the payment that is claimed and undecided; the next one waits';
      comment on column payment_totals.version is 'compared and set by every claim: whoever looked at an older row claims nothing';
      comment on column payment_totals.undone is 'captures and refunds that were voided or reversed';

      alter table outcome add column original_id uuid, add column original_kind text;
      comment on column outcome.original_kind is 'of what a void or reversal undoes';
      comment on column outcome.original_id is 'the capture or refund that a void or reversal undoes; null where it undoes the root';
      alter table reversal add column kind text not null default 'sale';
      comment on column reversal.kind is 'of the attempt: its message type and processing code';
      alter table parked add column give_up_at timestamptz;
      comment on column parked.give_up_at is 'until when an operation waits for a root that is not there';
      create index parked_root on parked (root_id);

      -- Raising takes back everything the statement did: an operation that somebody else has claimed holds nothing.
      create function refuse_unclaimed_hold(held bigint, claimed bigint) returns boolean language plpgsql as $$
      begin
        if held <> claimed then
          raise exception '% totals held for % claims', held, claimed using errcode = 'FW002';
        end if;
        return true;
      end $$;
    `);
    await runner.query(partitionsOf(`'claim', 'outcome', 'payment_totals'`));
    await runner.query(`
      -- Payments of every day that has outcomes may have operations.
      do $$ declare day date; begin
        for day in select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') from pg_inherits where inhparent = 'outcome'::regclass loop
          execute format('create table %I partition of payment_totals for values from (%L) to (%L)',
            'payment_totals_' || to_char(day, 'YYYYMMDD'), id_floor(day), id_floor(day + 1));
        end loop;
      end $$
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_totals;
      drop function refuse_unclaimed_hold(bigint, bigint);
      drop index parked_root;
      alter table parked drop column give_up_at;
      alter table reversal drop column kind;
      alter table outcome drop column original_id, drop column original_kind;
    `);
    await runner.query(partitionsOf(`'claim', 'outcome'`));
  }
}

const partitionsOf = (parents: string): string => `
  create or replace function ensure_id_partitions(days_back int, days_ahead int) returns int language plpgsql as $$
  declare
    made int := 0; parent text; day date; part text;
  begin
    foreach parent in array array[${parents}] loop
      for day in select generate_series(current_date - days_back, current_date + days_ahead, interval '1 day')::date loop
        part := parent || '_' || to_char(day, 'YYYYMMDD');
        if to_regclass(part) is null then
          execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent, id_floor(day), id_floor(day + 1));
          made := made + 1;
        end if;
      end loop;
    end loop;
    return made;
  end $$`;

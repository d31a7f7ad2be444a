import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** The cuts, and a business date that rolls at the later of the calendar's and the last cut's. */
export class Cuts1763800000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cut (
        business_date date primary key,
        cut_at timestamptz not null default now(),
        requested_by text not null,
        marked_partitions smallint[] not null default '{}',
        completed_at timestamptz
      );
      comment on table cut is 'a row: the business date has ended; no gaps, so that every date gets its cycle';
      comment on column cut.marked_partitions is 'source partitions whose marks are in every outcomes partition';
      create index cut_incomplete on cut (business_date) where completed_at is null;

      -- A calendar day ends at 23:00 in China.
      create function calendar_date(at timestamptz) returns date language sql stable as $$
        select ((at at time zone 'Asia/Shanghai') + interval '1 hour')::date
      $$;
      insert into cut (business_date, requested_by, completed_at) values (calendar_date(now()) - 1, 'migration', now());

      -- plpgsql keeps the plan for the session; as STABLE it sees what the calling statement sees, so a statement has one business date.
      create or replace function business_date(at timestamptz) returns date language plpgsql stable as $$
      begin
        return greatest(calendar_date(at), (select max(c.business_date) + 1 from cut c));
      end $$;

      create function cut_by_calendar() returns void language sql as $$
        insert into cut (business_date, requested_by)
        select day::date, 'calendar'
        from generate_series((select max(business_date) + 1 from cut), calendar_date(now()) - 1, interval '1 day') day
        on conflict do nothing
      $$;

      -- The operator's way in: ends the business date that is open now, and names it. Two operators at once end one date.
      create function request_cut(requester text) returns date language plpgsql set search_path from current as $$
      declare
        ended date;
      begin
        perform cut_by_calendar();
        ended := business_date(now());
        insert into cut (business_date, requested_by) values (ended, requester) on conflict do nothing;
        return ended;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function request_cut(text), cut_by_calendar();
      create or replace function business_date(at timestamptz) returns date language sql stable as $$
        select ((at at time zone 'Asia/Shanghai') + interval '1 hour')::date
      $$;
      drop function calendar_date(timestamptz);
      drop table cut;
    `);
  }
}

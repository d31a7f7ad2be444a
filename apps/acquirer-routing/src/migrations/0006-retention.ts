import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Partitions that come and go beside traffic, and what the nightly sweep found. */
export class Retention1763800000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Attached rather than created in place: that takes no lock which a statement on the table would wait for.
      create or replace function ensure_id_partitions(days_back int, days_ahead int) returns int language plpgsql as $$
      declare
        made int := 0; parent text; day date; part text;
      begin
        foreach parent in array array['claim', 'outcome', 'payment_totals'] loop
          for day in select generate_series(current_date - days_back, current_date + days_ahead, interval '1 day')::date loop
            part := parent || '_' || to_char(day, 'YYYYMMDD');
            if to_regclass(part) is null then
              execute format('create table %I (like %I including defaults including constraints)', part, parent);
              execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, id_floor(day), id_floor(day + 1));
              made := made + 1;
            end if;
          end loop;
        end loop;
        return made;
      end $$;

      -- Found by age once a night; summaries of blocks cost an insert nothing, and rows come nearly in the order of their ids.
      create index merchant_order_age on merchant_order using brin (operation_id);

      create table swept_day (
        day date primary key,
        swept_at timestamptz not null default now(),
        claims bigint not null,
        outcomes bigint not null,
        undecided bigint not null,
        unclaimed bigint not null
      );
      comment on table swept_day is 'the nightly comparison of claims and outcomes, by day (UTC) of the operation id';
      comment on column swept_day.undecided is 'claims older than their deadline with neither an outcome nor a parked row';
      comment on column swept_day.unclaimed is 'outcomes without a claim';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table swept_day;
      drop index merchant_order_age;
      create or replace function ensure_id_partitions(days_back int, days_ahead int) returns int language plpgsql as $$
      declare
        made int := 0; parent text; day date; part text;
      begin
        foreach parent in array array['claim', 'outcome', 'payment_totals'] loop
          for day in select generate_series(current_date - days_back, current_date + days_ahead, interval '1 day')::date loop
            part := parent || '_' || to_char(day, 'YYYYMMDD');
            if to_regclass(part) is null then
              execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent, id_floor(day), id_floor(day + 1));
              made := made + 1;
            end if;
          end loop;
        end loop;
        return made;
      end $$
    `);
  }
}

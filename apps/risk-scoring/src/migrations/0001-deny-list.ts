import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Cards that are denied, and a version that rises with every change, so that replicas read the list only when it is another one. */
export class DenyList1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table deny_list (
        card_token text primary key check (card_token ~ '^[0-9]{16,19}$'),
        reason text not null,
        created_at timestamptz not null default now()
      );
      create table deny_list_version (only_row boolean primary key default true check (only_row), version bigint not null);
      insert into deny_list_version (version) values (1);
    `);
    // Whoever changes the list need not know of the version, nor hold rights on it.
    await runner.query(`
      create function raise_deny_list_version() returns trigger language plpgsql security definer set search_path from current as $$
      begin
        update deny_list_version set version = version + 1;
        return null;
      end $$;
      create trigger deny_list_changed after insert or update or delete or truncate on deny_list
        for each statement execute function raise_deny_list_version();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table deny_list, deny_list_version; drop function raise_deny_list_version()');
  }
}

import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** The directory, every version of every entity, who made it, and how far it is published. */
export class Directory1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(entities);
    await runner.query(changeNumbers);
    await runner.query(records);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table api_key_issue, publication, directory_head, entity_version, entity, call;
      drop function refuse_change();
    `);
  }
}

const entities = `
  -- The newest version of everything. Every version has a change number of its own, which says when it was made, before or after others.
  create table entity (
    change_number bigint not null,
    call_number bigint not null,
    version bigint not null,
    type text collate "C" not null,
    id text collate "C" not null,
    status text collate "C" not null,
    provider_id text collate "C",
    merchant_id text collate "C",
    was_bound boolean not null,
    record bytea not null,
    primary key (type, id)
  );
  create unique index entity_by_change on entity (change_number);
  create index entity_of_provider on entity (provider_id, type, id) where provider_id is not null;
  create index entity_of_merchant on entity (merchant_id, type, id) where merchant_id is not null and type <> 'merchant';
  comment on column entity.provider_id is 'the provider it belongs to; the tenant. For what belongs to a merchant, its provider';
  comment on column entity.merchant_id is 'the merchant it belongs to; for a merchant its own id';
  comment on column entity.was_bound is 'plates: true once the plate was ever bound';
  comment on column entity.record is 'the record of directory.changed.v1, byte for byte';

  -- The versions before the newest.
  create table entity_version (
    change_number bigint primary key,
    call_number bigint not null,
    version bigint not null,
    type text collate "C" not null,
    id text collate "C" not null,
    record bytea not null,
    unique (type, id, version)
  );
`;

const changeNumbers = `
  -- One row: whoever changes the directory locks it, so change numbers are committed in their order and have no gaps.
  create table directory_head (
    only_row boolean primary key default true check (only_row),
    last_change_number bigint not null
  );
  insert into directory_head (last_change_number) values (0);

  -- One row: all changes below are acknowledged by the broker.
  create table publication (
    only_row boolean primary key default true check (only_row),
    next_change_number bigint not null
  );
  insert into publication (next_change_number) values (1);
`;

const records = `
  -- Who changed what and when: one row a call that changed something. Versions name the call that made them.
  create table call (
    call_number bigint generated always as identity primary key,
    at timestamptz not null default now(),
    principal text not null,
    request_id text not null,
    action text not null,
    subject text not null
  );

  -- Which answer an Idempotency-Key got; keys themselves are derived, never stored.
  create table api_key_issue (
    principal text collate "C" not null,
    idempotency_key text collate "C" not null,
    merchant_id text collate "C" not null,
    api_key_version int not null,
    at timestamptz not null default now(),
    primary key (principal, idempotency_key)
  );

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only', tg_table_name;
  end $$;
  create trigger call_is_append_only before update or delete or truncate on call
    for each statement execute function refuse_change();
  create trigger versions_are_append_only before update or delete or truncate on entity_version
    for each statement execute function refuse_change();
`;

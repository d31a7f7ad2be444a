import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Orders, the payments made for them, and the outbox of what still has no outcome. */
export class Orders1763800000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table merchant_order (
        order_id uuid primary key,
        merchant_id bigint not null,
        amount_minor bigint not null check (amount_minor > 0),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        tries smallint not null default 0,
        status text collate "C" not null default 'created' check (status in ('created', 'paying', 'paid', 'failed', 'closed')),
        operation_id uuid,
        body_hash bytea not null check (length(body_hash) = 32),
        currency text collate "C" not null,
        terminal_id text collate "C" not null,
        idempotency_key text collate "C" not null,
        merchant_order_no text collate "C" not null,
        qr_payload text collate "C" not null,
        description text,
        unique (merchant_id, idempotency_key),
        unique (merchant_id, merchant_order_no),
        check (status not in ('paying', 'paid') or operation_id is not null)
      ) with (fillfactor = 85);
      comment on table merchant_order is 'an order past expires_at that is still created has expired';
      comment on column merchant_order.operation_id is 'the newest payment made for it';

      create table payment (
        operation_id uuid primary key,
        order_id uuid not null,
        merchant_id bigint not null,
        requested_at timestamptz not null,
        expires_at timestamptz not null,
        decided_at timestamptz,
        body_hash bytea not null check (length(body_hash) = 32),
        wallet text collate "C" not null,
        idempotency_key text collate "C" not null,
        status text collate "C" not null default 'pending'
          check (status in ('pending', 'approved', 'declined', 'reversed', 'expired', 'refused')),
        response_code text collate "C" not null default '',
        rrn text collate "C" not null default '',
        auth_code text collate "C" not null default '',
        acquirer_id text collate "C" not null default '',
        unique (wallet, idempotency_key),
        check ((status = 'pending') = (decided_at is null))
      ) with (fillfactor = 85);
      -- One sale at a time for an order, and none after an approved one, whatever the code above believes.
      create unique index payment_open_or_approved on payment (order_id) where status in ('pending', 'approved');

      create table outbox (
        operation_id uuid primary key,
        due_at timestamptz not null,
        created_at timestamptz not null default now(),
        sends smallint not null default 1,
        record bytea not null
      ) with (fillfactor = 70);
      create index outbox_due on outbox (due_at);
      comment on table outbox is 'what has no outcome yet; a row goes when its outcome comes, and the card token with it';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox, payment, merchant_order');
  }
}

import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** The one payment of each order of a merchant that may use both doors. */
export class MerchantOrder1763800000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table merchant_order (
        operation_id uuid not null,
        merchant_id bigint not null,
        order_no text collate "C" not null,
        primary key (merchant_id, order_no)
      );
      comment on table merchant_order is 'which operation pays an order: it may come under several operation ids, over HTTP and from upstream';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table merchant_order');
  }
}

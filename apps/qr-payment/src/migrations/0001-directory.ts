import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** This service's own projection of directory.changed.v1: what taking orders needs, and no more. */
export class Directory1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table merchant (
        merchant_id bigint primary key,
        version bigint not null,
        profile text not null
      );
      comment on column merchant.profile is 'packed, as in the hot copy';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table merchant');
  }
}

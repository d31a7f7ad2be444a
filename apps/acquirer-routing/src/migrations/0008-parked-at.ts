import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** What was parked after an operation's answer is not covered by it. */
export class ParkedAt1763800000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table parked add column parked_at timestamptz not null default now();
      comment on column parked.parked_at is 'rows from before an outcome was published go with it; later ones are answered again'
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table parked drop column parked_at');
  }
}

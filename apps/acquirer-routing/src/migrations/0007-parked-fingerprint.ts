import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Parked before anything is claimed, a record may be another body under its operation's id: the answer to the one is not the other's. */
export class ParkedFingerprint1763800000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table parked add column fingerprint text;
      comment on column parked.fingerprint is 'of the record, 32 hex digits; null where it is known to be the claim''s'
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table parked drop column fingerprint');
  }
}

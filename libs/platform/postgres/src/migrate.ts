import { DataSource, type MigrationInterface } from 'typeorm';

export type { MigrationInterface, QueryRunner } from 'typeorm';

/** Any number: it only has to be the same in every replica, so that one migrates while the others wait. */
const migrationLock = 4_700_147;

export interface MigrateOptions {
  readonly url: string;
  /** The service's own schema. */
  readonly schema: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/**
 * Brings one service's schema up to date, each migration in a transaction of its own; replicas that start together wait for one another.
 * @returns the names of the migrations that ran
 */
export async function migrate({ url, schema, migrations }: MigrateOptions): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
    poolSize: 2,
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1, hashtext($2))', [migrationLock, schema]);
    const done = await source.runMigrations();
    return done.map(({ name }) => name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}

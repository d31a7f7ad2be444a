import { z } from 'zod';

const addresses = z.object({ kafka: z.string(), postgresUrl: z.string(), redisUrl: z.string() });

/** Addresses of the engines integration tests run on. `postgresUrl` is a superuser's. */
export type TestEngines = z.infer<typeof addresses>;

/** @throws Error with the remedy when no engines are up for tests. */
export function testEngines(): TestEngines {
  const raw = process.env['FOURWAY_TEST_ENGINES'];
  if (raw === undefined) {
    throw new Error(
      'No engines for tests: run with --config jest.int.config.mjs, or keep some up with `node tools/testing/keep-engines.mjs`.',
    );
  }
  return addresses.parse(JSON.parse(raw));
}

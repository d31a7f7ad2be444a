import { preset } from './jest.preset.mjs';

/** Integration and end-to-end tests: real Kafka, Postgres and Redis, started once for the run. */
export default {
  ...preset,
  testMatch: ['**/*.int-spec.ts', '**/*.e2e-spec.ts'],
  globalSetup: './tools/testing/engines-up.mjs',
  globalTeardown: './tools/testing/engines-down.mjs',
  maxWorkers: 1,
  testTimeout: 120_000,
};

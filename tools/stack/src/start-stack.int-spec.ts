import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ownerOfStack } from './leftovers.ts';
import { startStack } from './start-stack.ts';
import { readStack } from './description.ts';

describe('a stack that cannot start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-stack-spec-'));
  const tableOf = (entry: string) => ({ services: [{ name: 'broken', entry }], acquirerEntry: '', acquirers: [] });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('names the service that ends again and again, and the last it said, and leaves nothing running', async () => {
    const start = startStack({
      stateDir: folder,
      size: 'small',
      table: tableOf('tools/stack/fixtures/crashing-service.mjs'),
      readyWithinMs: 2_000,
    });
    await expect(start).rejects.toThrow(
      /broken-0 is (starting|restarting) \(last ended with exit 3\):[^]*cannot work: no licence/,
    );
    expect(ownerOfStack(folder)).toBeUndefined();
    expect(() => readStack(join(folder, 'stack.json'))).toThrow(/There is no/);
  });

  it('says which service is not built, before it starts any engine', async () => {
    await expect(startStack({ stateDir: folder, table: tableOf('apps/none/dist/main.js') })).rejects.toThrow(
      'Not built: apps/none/dist/main.js. Run: npm run build',
    );
  });

  it('refuses replicas of a service that does not exist', async () => {
    const start = startStack({
      stateDir: folder,
      table: tableOf('tools/stack/fixtures/service.mjs'),
      replicas: { brokn: 2 },
    });
    await expect(start).rejects.toThrow('There is no service brokn; there are broken.');
  });
});

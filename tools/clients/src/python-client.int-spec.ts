import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepareWorld } from '@fourway/cli';
import { fourwayServices, onlyServices, startStack, type RunningStack } from '@fourway/stack';
import { createWorld } from '@fourway/world';
import { preparePython } from './python-environment.ts';
import { runPythonClient } from './run-python-client.ts';
import { upstreamMaterial } from './upstream-material.ts';

const environment = await preparePython();
const isCi = process.env['CI'] === 'true';
// A machine without Python skips this, in sight; continuous integration must have it.
const runs = environment.kind === 'ready' || isCi;
const why = environment.kind === 'ready' ? '' : ` (skipped: ${environment.reason})`;

const world = createWorld({ seed: 11, merchants: 300 });
let folder = '';
let stack: RunningStack | undefined;

beforeAll(async () => {
  if (environment.kind === 'missing') return;
  folder = mkdtempSync(join(tmpdir(), 'fourway-clients-'));
  // The stream's own services: what an upstream service talks to needs no HTTP door.
  const table = onlyServices(fourwayServices, ['risk-scoring', 'acquirer-routing', 'settlement']);
  stack = await startStack({ table, stateDir: folder, jsonFile: join(folder, 'stack.json') });
  await prepareWorld(stack.description, world);
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a client in Python, with its own Kafka library and classes generated from proto/', () => {
  (runs ? it : it.skip)(
    `sends 1,000 sales, 100 of them twice and 20 with another amount too, and sees one outcome each and 20 refusals${why}`,
    async () => {
      if (environment.kind === 'missing') throw new Error(environment.reason);
      const { exitCode, output, report } = await runPythonClient({
        ...{ python: environment.python, stackFile: join(folder, 'stack.json'), material: upstreamMaterial(world) },
      });
      expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('python client: good') });
      expect(report).toMatchObject({
        ...{ operations: 1_000, duplicatesSent: 100, conflictsSent: 20, operationsWithOneOutcome: 1_000 },
        ...{ refusalsByCode: { conflict: 20 }, faultCount: 0, good: true },
      });
      expect(report?.repeatedAnswers).toBeGreaterThanOrEqual(50);
    },
  );
});

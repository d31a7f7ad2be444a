import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock, uuidV7 } from '@fourway/kernel';
import { chooseAcquirer, type MerchantProfile } from '@fourway/routing';
import { eventually } from '@fourway/testing';
import { startSimulator, type Simulator } from '../acquirer-link/start-simulator.ts';
import { AcquirerLinks, type Call } from './acquirer-links.ts';
import { callOf } from './calls.fixture.ts';

const operations = 10_000;
const share = 0.6;
const merchant: MerchantProfile = {
  merchantId: '831000058120001',
  isActive: true,
  hasApiKey: false,
  mcc: '5812',
  scenario: 'catering',
  currency: 'CNY',
  acquirers: [
    { acquirerId: '48020000', feeContractId: 12, weight: 600 },
    { acquirerId: '48030000', feeContractId: 13, weight: 400 },
  ],
};

/** Ids as clients make them, but the same in every run. */
const operationIds = Array.from({ length: operations }, (_, index) =>
  uuidV7(Date.UTC(2026, 10, 22) + index, createHash('sha256').update(String(index)).digest().subarray(0, 10)),
);

let folder = '';
let text: Simulator;
let packed: Simulator;
let links: AcquirerLinks;
const answered = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-two-acquirers-'));
  text = await startSimulator({ acquirerId: '48020000', bookPath: join(folder, 'text.tsv'), profile: 'iso87a' });
  packed = await startSimulator({ acquirerId: '48030000', bookPath: join(folder, 'packed.tsv'), profile: 'iso87b' });
  links = new AcquirerLinks({
    acquirers: [
      { id: '48020000', host: '127.0.0.1', port: text.isoPort },
      { id: '48030000', host: '127.0.0.1', port: packed.isoPort, profile: 'iso87b' },
    ],
    ...{
      clock: systemClock,
      answerTimeoutMs: 30_000,
      sendWindowMs: 30_000,
      storeMarginMs: 500,
      maxInFlight: operations,
    },
    onAnswers: (answers) => {
      for (const { operationId, answer } of answers)
        answered.set(operationId, answer.kind === 'answered' ? answer.codeClass : answer.kind);
    },
    onReversalAnswers: () => undefined,
    onLateAnswers: () => undefined,
    onBreakerChange: () => undefined,
  });
  links.start();
  await eventually(() =>
    expect([...links.snapshot().values()].map(({ ineligible }) => ineligible)).toEqual([null, null]),
  );
});

afterAll(async () => {
  await links.stop();
  await text.kill('SIGTERM');
  await packed.kill('SIGTERM');
  rmSync(folder, { recursive: true });
});

const choiceOf = (operationId: string): string => {
  const decision = chooseAcquirer(operationId, merchant, links.snapshot());
  return decision.kind === 'route' ? decision.choice.acquirerId : decision.kind;
};

const sold = (simulator: Simulator): string[] => simulator.book().map(([, operationId]) => operationId ?? '');

describe('two acquirers of one routing process, one in text and one packed', () => {
  it('share 10,000 payments by weight, and each has in its book what was chosen for it, once', async () => {
    const chosen = Map.groupBy(operationIds, choiceOf);
    const calls: Call[] = operationIds.map((operationId) => callOf(operationId, choiceOf(operationId), merchant));
    expect(links.call(calls)).toEqual({ notSent: [], unknown: [] });
    await eventually(() => expect(answered.size).toBe(operations), { withinMs: 30_000 });
    expect(new Set(answered.values())).toEqual(new Set(['approved']));
    expect(sold(text).sort()).toEqual(chosen.get('48020000')?.sort());
    expect(sold(packed).sort()).toEqual(chosen.get('48030000')?.sort());

    // Five standard deviations of a binomial distribution; the ids are fixed, so the figure is as well.
    const deviation = Math.sqrt(operations * share * (1 - share));
    expect(Math.abs(sold(text).length - operations * share)).toBeLessThan(5 * deviation);
  });

  it('stand in for each other, and a payment goes back to its own when that returns', async () => {
    const first = operationIds.map(choiceOf);
    await packed.behave({ refuseConnections: true });
    await packed.disconnect();
    await eventually(() => expect(links.snapshot().get('48030000')?.ineligible).toBe('not_signed_on'));
    expect(new Set(operationIds.map(choiceOf))).toEqual(new Set(['48020000']));
    await packed.behave({ refuseConnections: false });
    await eventually(() => expect(links.snapshot().get('48030000')?.ineligible).toBeNull());
    expect(operationIds.map(choiceOf)).toEqual(first);
  });
});

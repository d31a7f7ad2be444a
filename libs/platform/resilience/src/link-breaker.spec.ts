import { afterEach, describe, expect, it } from '@jest/globals';
import { sleep } from '@fourway/kernel';
import { LinkBreaker } from './link-breaker.ts';

const failed = { succeeded: 1, failed: 9 };
const fine = { succeeded: 9, failed: 1 };
let breaker: LinkBreaker;
afterEach(() => breaker.stop());

const settled = (): Promise<void> => sleep(5);

async function breakerThatProbes(answer: () => Promise<boolean>): Promise<void> {
  breaker = new LinkBreaker({ name: 'test', probe: answer, resetAfterMs: 50 });
  for (let i = 0; i < 6; i++) breaker.record(failed);
  await settled();
}

describe('LinkBreaker', () => {
  it('opens after several failed batches and not after a single one', async () => {
    breaker = new LinkBreaker({ name: 'test', probe: async () => false, resetAfterMs: 10_000 });
    breaker.record(failed);
    await settled();
    expect(breaker.isOpen).toBe(false);
    for (let i = 0; i < 5; i++) breaker.record(failed);
    await settled();
    expect(breaker.isOpen).toBe(true);
  });

  it('stays closed while most calls of each batch succeed', async () => {
    breaker = new LinkBreaker({ name: 'test', probe: async () => false });
    for (let i = 0; i < 20; i++) breaker.record(fine);
    await settled();
    expect(breaker.isOpen).toBe(false);
  });

  it('closes again when the probe answers', async () => {
    await breakerThatProbes(async () => true);
    expect(breaker.isOpen).toBe(true);
    await sleep(150);
    expect(breaker.isOpen).toBe(false);
  });

  it('stays open while the probe fails or throws', async () => {
    await breakerThatProbes(() => Promise.reject(new Error('no link')));
    await sleep(150);
    expect(breaker.isOpen).toBe(true);
  });
});

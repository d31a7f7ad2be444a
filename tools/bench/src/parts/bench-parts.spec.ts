import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RivalLatencyPart } from '../stream-figures.ts';
import { parseBaseline } from './baseline-report.ts';
import { BenchParts } from './bench-parts.ts';

const key = { commit: 'abc', payments: 10 };
const figures: RivalLatencyPart = {
  figures: { rate: 1, sent: 1, seen: 1, latencyMs: { p50: 1, p90: 2, p99: 3, p999: 4, max: 5 } },
  ...{ productAtRest: 'stopped', strangeEngines: 0, withoutRedis: false },
};
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-parts-'));
  file = join(folder, 'state', 'parts.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('parts of a bench', () => {
  it('that are done are not measured again by a run that goes on', async () => {
    await BenchParts.fresh(file, key).figuresOf('rivalLatency', () => Promise.resolve(figures));
    const resumed = BenchParts.resumed(file, key);
    expect(resumed.done).toEqual(['rivalLatency']);
    const measured = resumed.figuresOf('rivalLatency', () => Promise.reject(new Error('measured again')));
    expect(await measured).toEqual(figures);
  });

  it('that failed are measured again', async () => {
    const parts = BenchParts.fresh(file, key);
    await expect(parts.figuresOf('rivalLatency', () => Promise.reject(new Error('stalled')))).rejects.toThrow(
      'stalled',
    );
    expect(parts.done).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it('of another commit or other options are refused by name', async () => {
    await BenchParts.fresh(file, key).figuresOf('rivalLatency', () => Promise.resolve(figures));
    expect(() => BenchParts.resumed(file, { ...key, commit: 'def' })).toThrow('of another commit (abc)');
    expect(() => BenchParts.resumed(file, { ...key, payments: 11 })).toThrow('of another payments (10)');
  });

  it('do not survive a run that starts anew, nor a report', async () => {
    const parts = BenchParts.fresh(file, key);
    await parts.figuresOf('rivalLatency', () => Promise.resolve(figures));
    parts.remove();
    expect(() => BenchParts.resumed(file, key)).toThrow('run without --resume');
    await parts.figuresOf('rivalLatency', () => Promise.resolve(figures));
    expect(BenchParts.fresh(file, key).done).toEqual([]);
    expect(() => BenchParts.resumed(file, key)).toThrow('run without --resume');
  });
});

describe('a baseline', () => {
  it('is read from an earlier report', () => {
    const report = { results: { B1: { value: 9_000 } }, options: { payments: 5 }, cpuMicrosPerPayment: { total: 200 } };
    expect(parseBaseline(JSON.stringify(report), { from: 'b.json' })).toMatchObject({
      ...{ payments: 5, perSecond: 9_000, from: 'b.json' },
    });
  });

  it.each(['', '{}', '[1]'])('is not read from %j', (text) => {
    expect(() => parseBaseline(text, { from: 'b.json' })).toThrow('b.json is no report of this bench');
  });
});

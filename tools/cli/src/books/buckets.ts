import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '@fourway/kernel';

const bucketCount = 64;
const flushChars = 64 * 1024;

/**
 * Lines about operations, spread over files by operation id, so that everything about one operation can be brought together in
 * the memory of one bucket: eight million operations are 125,000 at a time.
 */
export class Buckets {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fourway-books-'));
  readonly #files = Array.from({ length: bucketCount }, (_, i) => openSync(this.#path(i), 'w'));
  readonly #waiting = Array.from({ length: bucketCount }, () => '');

  /** Fields must hold no tab: one inside a field would be another field. */
  add(operationId: string, fields: readonly string[]): void {
    const bucket = bucketOf(operationId);
    const line = withoutBreaks(`${operationId}\t${fields.join('\t')}`);
    const waiting = `${defined(this.#waiting[bucket], 'bucket')}${line}\n`;
    this.#waiting[bucket] = waiting;
    if (waiting.length > flushChars) this.#flush(bucket);
  }

  /** Each bucket's lines grouped by operation, one bucket in memory at a time. */
  *read(): Generator<Map<string, string[][]>> {
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      this.#flush(bucket);
      const byOperation = new Map<string, string[][]>();
      for (const line of readFileSync(this.#path(bucket), 'utf8').split('\n')) {
        if (line === '') continue;
        const [operationId = '', ...fields] = line.split('\t');
        const lines = byOperation.get(operationId);
        if (lines === undefined) byOperation.set(operationId, [fields]);
        else lines.push(fields);
      }
      yield byOperation;
    }
  }

  remove(): void {
    for (const file of this.#files) closeSync(file);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(bucket: number): string {
    return join(this.#folder, String(bucket));
  }

  #flush(bucket: number): void {
    const waiting = defined(this.#waiting[bucket], 'bucket');
    if (waiting !== '') writeSync(defined(this.#files[bucket], 'bucket file'), waiting);
    this.#waiting[bucket] = '';
  }
}

const withoutBreaks = (line: string): string => (/[\n\r]/.test(line) ? line.replaceAll(/[\n\r]/g, ' ') : line);

/** FNV-1a: even over buckets for any text, also for an id that somebody wrote by hand. */
function bucketOf(operationId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < operationId.length; i += 1) hash = Math.imul(hash ^ operationId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bucketCount;
}

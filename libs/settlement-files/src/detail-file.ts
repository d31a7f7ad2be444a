import { createHash, type Hash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assert } from '@fourway/kernel';
import type { CycleFact } from './cycle-facts.ts';
import { publishFile, writeDurably } from './durable-file.ts';
import { headerLine, pathOf, trailerLine, type FileHeader } from './file-layout.ts';
import type { SettlementFileRecord } from './file-record.ts';

/** Two thousand participants' files in the making take 32 MiB. */
const chunkBytes = 16 * 1024;

/**
 * One file in the making: lines gather in a chunk, chunks go to a temporary file, and that gets its name when the trailer is on.
 * Lines are ASCII, so their characters are their bytes; written to the chunk at once, they leave the collector nothing to keep.
 */
export class DetailFile {
  readonly #header: FileHeader;
  readonly #folder: string;
  readonly #hash: Hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  #filled = 0;
  #bytes = 0;
  #details = 0;
  readonly #sums: bigint[] = [];

  constructor(folder: string, header: FileHeader) {
    this.#folder = folder;
    this.#header = header;
    writeFileSync(this.#temporary, '');
    this.#write(headerLine(header));
  }

  get path(): string {
    return pathOf(this.#header);
  }

  get #temporary(): string {
    return `${join(this.#folder, this.path)}.tmp`;
  }

  add(fact: CycleFact): void {
    const { layout } = this.#header;
    const amounts = layout.amounts(fact);
    this.#write(`D|${layout.fields(fact)}|${amounts.join('|')}\n`);
    this.#details++;
    for (let i = 0; i < amounts.length; i++) this.#sums[i] = (this.#sums[i] ?? 0n) + (amounts[i] ?? 0n);
  }

  #write(line: string): void {
    assert(line.length <= chunkBytes, 'a line of a settlement file fits into a chunk');
    if (this.#filled + line.length > chunkBytes) this.#flush();
    this.#filled += this.#chunk.write(line, this.#filled, 'latin1');
  }

  /** Opened for each chunk, so that the number of files is not bounded by that of descriptors. */
  #flush(): void {
    const chunk = this.#chunk.subarray(0, this.#filled);
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    appendFileSync(this.#temporary, chunk);
    this.#filled = 0;
  }

  /** Writes the trailer, makes the file durable under its name, then its `.sha256` beside it. */
  async finish(): Promise<SettlementFileRecord> {
    this.#flush();
    const { layout, participantId, currency } = this.#header;
    this.#write(trailerLine(this.#details, this.#sums, this.#hash.copy().digest('hex')));
    this.#flush();
    const sha256 = this.#hash.digest('hex');
    const path = join(this.#folder, this.path);
    await publishFile(this.#temporary, path);
    await writeDurably(`${path}.sha256`, sidecarLine(sha256, path));
    return {
      ...{ path: this.path, participantType: layout.participantType, participantId, currency, sha256 },
      ...{ details: this.#details, netMinor: this.#sums.at(-1) ?? 0n, bytes: this.#bytes },
    };
  }
}

/** As sha256sum(1) writes and checks it. */
export const sidecarLine = (sha256: string, path: string): string => `${sha256}  ${basename(path)}\n`;

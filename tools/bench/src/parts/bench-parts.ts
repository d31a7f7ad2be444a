import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { toJson } from '@fourway/cli';
import { SwitchError } from '@fourway/kernel';
import type { ProductLatency, ProductThroughput, RivalLatencyPart, RivalThroughputPart } from '../stream-figures.ts';

/** Figures of each part of the stream bench. */
export interface StreamParts {
  readonly throughput: ProductThroughput;
  readonly latency: ProductLatency;
  readonly rivalLatency: RivalLatencyPart;
  readonly rivalThroughput: RivalThroughputPart;
}
export type PartName = keyof StreamParts;

/** What figures must have in common to stand in one report. */
export type PartsKey = Readonly<Record<string, string | number>>;

interface StoredParts {
  readonly key: PartsKey;
  readonly parts: Partial<StreamParts>;
}

/**
 * Figures of the parts that are done, on disk as soon as they are. A part is the smallest thing that can be resumed: engines lose their
 * data with the run that started them, so what was preloaded or half measured is done again.
 */
export class BenchParts {
  readonly #file: string;
  readonly #key: PartsKey;
  #parts: Partial<StreamParts>;

  private constructor(file: string, { key, parts }: StoredParts) {
    this.#file = file;
    this.#key = key;
    this.#parts = parts;
  }

  /** No part is done. */
  static fresh(file: string, key: PartsKey): BenchParts {
    rmSync(file, { force: true });
    return new BenchParts(file, { key, parts: {} });
  }

  /**
   * The parts an interrupted run has done.
   * @throws SwitchError `config_invalid` where there are none, or they are another run's
   */
  static resumed(file: string, key: PartsKey): BenchParts {
    if (!existsSync(file)) throw new SwitchError('config_invalid', `no figures in ${file}: run without --resume`);
    const stored = parseParts(readFileSync(file, 'utf8'));
    const names = new Set([...Object.keys(key), ...Object.keys(stored.key)]);
    const differing = [...names].filter((name) => key[name] !== stored.key[name]);
    if (differing.length > 0)
      throw new SwitchError(
        'config_invalid',
        `the figures in ${file} are of another ${differing.join(', ')} (${differing.map((name) => stored.key[name] ?? 'none').join(', ')}): give the same, or run without --resume`,
      );
    return new BenchParts(file, stored);
  }

  get done(): PartName[] {
    return partNames.filter((name) => this.has(name));
  }

  has(name: PartName): boolean {
    return this.#parts[name] !== undefined;
  }

  /** The part's figures, measured now if they are not there. */
  async figuresOf<Name extends PartName>(
    name: Name,
    measure: () => Promise<StreamParts[Name]>,
  ): Promise<StreamParts[Name]> {
    const there = this.#parts[name];
    if (there !== undefined) return there;
    const figures = await measure();
    this.#parts = { ...this.#parts, [name]: figures };
    this.#write();
    return figures;
  }

  /** The report is written: nothing is left to resume. */
  remove(): void {
    rmSync(this.#file, { force: true });
  }

  /** Whole or not at all, whenever the process ends. */
  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const next = `${this.#file}.next`;
    writeFileSync(next, toJson({ key: this.#key, parts: this.#parts }));
    renameSync(next, this.#file);
  }
}

const partNames = ['throughput', 'latency', 'rivalLatency', 'rivalThroughput'] as const;

/** Written by this class alone, for the same commit. */
function parseParts(text: string): StoredParts {
  return JSON.parse(text) as StoredParts;
}

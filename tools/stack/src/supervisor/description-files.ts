import { rmSync } from 'node:fs';
import { writeJsonFile } from '../processes/json-file.ts';
import { describeStack, type StackParts } from './describe.ts';

/** Keeps the description files current while the stack is complete; before and after, they never show a running one. */
export class DescriptionFiles {
  readonly #files: readonly string[];
  #parts: StackParts | undefined;

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** Removes what an earlier stack left. */
  clear(): void {
    for (const file of this.#files) rmSync(file, { force: true });
  }

  open(parts: StackParts): void {
    this.#parts = parts;
    this.refresh();
  }

  refresh(): void {
    if (this.#parts === undefined) return;
    const description = describeStack(this.#parts, 'up');
    for (const file of this.#files) writeJsonFile(file, description);
  }

  /** The addresses stay readable, marked as stopped. */
  close(): void {
    if (this.#parts === undefined) return;
    const description = describeStack(this.#parts, 'stopped');
    this.#parts = undefined;
    for (const file of this.#files) writeJsonFile(file, description);
  }
}

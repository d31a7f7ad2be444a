import { createHash } from 'node:crypto';
import { HttpProblem, pointerOf } from '@fourway/platform-http';
import { notBelieved } from '../authenticate/not-believed.ts';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { callOf, type Request } from '../edit-entities/request.ts';
import { Ground } from './ground.ts';
import { importBatches, type ImportBatch } from './import-batches.ts';
import type { LineFault } from './import-line.ts';
import { takeBatch } from './take-batch.ts';

export interface ImportResult {
  /** Lines that are taken over; the next one is the first that is not. */
  readonly lines: number;
  /** Entities that are new or have a new version. */
  readonly imported: number;
  readonly unchanged: number;
}

export interface ImportStream {
  readonly body: AsyncIterable<Buffer>;
  /** SHA-256 of the body in hexadecimal, as its sender signed it. */
  readonly digest: string;
}

/** Takes a stream of entities over, some thousand a transaction; the next ones are read while the last are written. */
export class ImportDirectory {
  readonly #directory: DirectoryRepository;

  constructor(directory: DirectoryRepository) {
    this.#directory = directory;
  }

  /**
   * What is there already, as it is there, stays as it is: an import that was cut short is simply sent again.
   * @throws HttpProblem 422 for the first line that cannot be taken: line, field, rule, and what was taken before it;
   *   401 for a body that is not the one that was signed, whose last batch is not taken
   */
  async import({ body, digest }: ImportStream, request: Request): Promise<ImportResult> {
    const call = await this.#directory.begin(callOf(request, 'directory.import', digest));
    const hash = createHash('sha256');
    const ground = new Ground();
    let result: ImportResult = { lines: 0, imported: 0, unchanged: 0 };
    const take = async ({ lines, fault }: ImportBatch): Promise<void> => {
      const taken = await this.#directory.change(call, (unit) => takeBatch(unit, lines, ground));
      const refusedLine = taken.fault ?? fault;
      result = {
        lines: refusedLine === null ? (lines.at(-1)?.line ?? result.lines) : refusedLine.line - 1,
        imported: result.imported + taken.imported,
        unchanged: result.unchanged + taken.unchanged,
      };
      if (refusedLine !== null) throw refused(refusedLine, result);
    };
    let writing = Promise.resolve();
    for await (const batch of importBatches(passing(body, (chunk) => hash.update(chunk)))) {
      await writing;
      if (batch.isLast && hash.digest('hex') !== digest) throw notBelieved('content_differs');
      writing = take(batch);
      // Whoever awaits it hears of it.
      writing.catch(() => undefined);
    }
    await writing;
    return result;
  }
}

async function* passing(body: AsyncIterable<Buffer>, see: (chunk: Buffer) => unknown): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) {
      see(chunk);
      yield chunk;
    }
  } catch (cause) {
    const problem = { status: 400, code: 'body_incomplete', title: 'The body ended before its end' };
    throw new HttpProblem({ ...problem, detail: 'Send it again: what was taken over stays.' }, { cause });
  }
}

function refused({ line, problems }: LineFault, { lines, imported, unchanged }: ImportResult): HttpProblem {
  const [first] = problems;
  return new HttpProblem({
    status: 422,
    code: 'line_refused',
    title: 'A line of the import cannot be taken over',
    detail: `Line ${line}, ${first?.pointer === '' ? 'the whole line' : first?.pointer}: ${first?.rule}. The ${lines} lines before it were taken over: ${imported} imported, ${unchanged} unchanged.`,
    errors: problems.map((problem) => ({ ...problem, pointer: pointerOf([line]) + problem.pointer })),
  });
}

/** SQLSTATE of a row whose key is there already. */
const uniqueViolation = '23505';

/** Statements after a conflict that expect another one: what comes again comes in stretches. */
const fewestCareful = 16;
/** So many where conflicts go on: each one that is met by a plain statement is an error in Postgres' log, with the statement. */
const mostCareful = 4_096;
const growth = 4;
/** Plain statements in a row after which conflicts are rare again. */
const calmStatements = 256;

/**
 * Inserts whose rows are nearly always new. `on conflict do nothing` looks every key up before it inserts, marks the row as tentative, and
 * confirms it with a log record of its own; a plain insert leaves all that to the unique index, which refuses the whole statement where a key
 * is there. Only then, and for a while after, runs the statement that tolerates it: the longer, the more often that was of use. See ADR 0023.
 */
export class OptimisticInsert {
  #carefulFor = 0;
  #nextStretch = fewestCareful;
  #calm = 0;

  /** @param plain fails as a whole where a row is there. @param careful stores what is new, and tells what was there. */
  async run<Result>(plain: () => Promise<Result>, careful: () => Promise<Result>): Promise<Result> {
    if (this.#carefulFor > 0) {
      this.#carefulFor -= 1;
      return careful();
    }
    try {
      const result = await plain();
      this.#passed();
      return result;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      this.#refused();
      return careful();
    }
  }

  #passed(): void {
    this.#calm += 1;
    if (this.#calm >= calmStatements) this.#nextStretch = fewestCareful;
  }

  #refused(): void {
    this.#calm = 0;
    this.#carefulFor = this.#nextStretch;
    this.#nextStretch = Math.min(this.#nextStretch * growth, mostCareful);
  }
}

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === uniqueViolation;

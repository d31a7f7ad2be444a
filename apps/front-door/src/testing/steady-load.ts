import { setTimeout as delay } from 'node:timers/promises';
import { Pool, type Dispatcher } from 'undici';

export interface Load {
  /** Given the number of the request. */
  readonly request: (n: number) => Omit<Dispatcher.RequestOptions, 'origin'>;
  /** Requests under way at any time. */
  readonly width: number;
}

export interface LoadReport {
  readonly answered: number;
  /** One line for each request that did not get a 200. */
  readonly failures: readonly string[];
}

/** Keeps requests under way from a client that never retries, until it is stopped. */
export class SteadyLoad {
  readonly #pool: Pool;
  readonly #load: Load;
  readonly #workers: readonly Promise<void>[];
  readonly #failures: string[] = [];
  #answered = 0;
  #isOver = false;
  #sent = 0;

  constructor(url: string, load: Load) {
    this.#pool = new Pool(url, { connections: load.width });
    this.#load = load;
    this.#workers = Array.from({ length: load.width }, () => this.#work());
  }

  get answered(): number {
    return this.#answered;
  }

  async stop(): Promise<LoadReport> {
    this.#isOver = true;
    await Promise.all(this.#workers);
    await this.#pool.close();
    return { answered: this.#answered, failures: this.#failures };
  }

  async #work(): Promise<void> {
    while (!this.#isOver) {
      const options = this.#load.request(this.#sent++);
      try {
        const { statusCode, body } = await this.#pool.request(options);
        const text = await body.text();
        if (statusCode === 200) this.#answered++;
        else this.#failures.push(`${options.method} ${statusCode} ${text}`);
      } catch (error) {
        this.#failures.push(`${options.method} ${String(error)}`);
      }
      await delay(1);
    }
  }
}

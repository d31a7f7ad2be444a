import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import { stoppingReason } from '@fourway/platform-http';
import type { Replica, Standing } from './replica.ts';

const everyMs = 200;
const answerWithinMs = 1_000;
/** A busy machine may delay an answer for long; a replica that refuses or says no is out at once all the same. */
const silencesMax = 3;

/** Asks every replica for its `/readyz` again and again, and keeps its standing true to it. */
export class ReadinessPoll {
  readonly #replicas: readonly Replica[];
  readonly #onChange: (replica: Replica) => void;
  readonly #stopping = new AbortController();
  #isComplete = false;

  constructor(replicas: readonly Replica[], onChange: (replica: Replica) => void) {
    this.#replicas = replicas;
    this.#onChange = onChange;
  }

  /** Whether every replica has been asked at least once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  start(): void {
    const first = this.#replicas.map((replica) => this.#follow(replica));
    void Promise.all(first).then(() => (this.#isComplete = true));
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Resolves after the first answer and goes on by itself. */
  async #follow(replica: Replica): Promise<void> {
    const client = new Client(replica.url, { headersTimeout: answerWithinMs, connect: { timeout: answerWithinMs } });
    let silences = await this.#ask(client, replica, 0);
    void (async () => {
      while (await this.#pause()) silences = await this.#ask(client, replica, silences);
      await client.destroy();
    })();
  }

  /** Returns how many times in a row the replica has now been silent. */
  async #ask(client: Client, replica: Replica, silences: number): Promise<number> {
    const answer = await readinessOf(client);
    if (answer === 'silent' && silences + 1 < silencesMax) return silences + 1;
    const standing = answer === 'silent' ? 'out' : answer;
    if (replica.standing !== standing) {
      replica.standing = standing;
      this.#onChange(replica);
    }
    return answer === 'silent' ? silences + 1 : 0;
  }

  async #pause(): Promise<boolean> {
    await delay(everyMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }
}

async function readinessOf(client: Client): Promise<Standing | 'silent'> {
  try {
    const { statusCode, body } = await client.request({ path: '/readyz', method: 'GET' });
    const text = await body.text();
    if (statusCode === 200) return 'ready';
    return text.includes(`"${stoppingReason}"`) ? 'out' : 'unready';
  } catch (error) {
    return isTimeout(error) ? 'silent' : 'out';
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).endsWith('_TIMEOUT');

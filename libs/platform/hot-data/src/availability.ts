import type { Redis } from 'ioredis';
import { answeredWithin, type Patience } from './deadline.ts';

const probeEveryMs = 100;
/** Probes that may fail on a connection that looks open before it is given up for a new one. */
const probesPerConnection = 10;

/** Knows whether Redis answers, and which run of it; asks again while it does not. */
export class Availability {
  readonly #redis: Redis;
  readonly #patience: Patience;
  #lastHeardMs = 0;
  #serverId: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failedProbes = 0;
  #generation = 0;
  #isClosed = false;

  constructor(redis: Redis, silenceMs: number) {
    this.#redis = redis;
    this.#patience = { silenceMs, timesWhileHeard: 4, lastHeardMs: () => this.#lastHeardMs };
    redis.on('connect', () => {
      redis.stream.on('data', () => {
        this.#lastHeardMs = performance.now();
      });
    });
    redis.on('ready', () => {
      this.#failedProbes = 0;
      this.suspect();
    });
    redis.on('close', () => {
      this.#serverId = null;
    });
  }

  /** The server's run id, null while it does not answer. */
  get serverId(): string | null {
    return this.#serverId;
  }

  /** The call's result, or NotAnsweredError when Redis hangs. */
  inTime<T>(call: Promise<T>): Promise<T> {
    return answeredWithin(this.#patience, call);
  }

  /** Takes Redis for gone until it has told its run id. */
  suspect(): void {
    this.#serverId = null;
    this.#generation += 1;
    clearTimeout(this.#timer);
    void this.#probe(this.#generation);
  }

  close(): void {
    this.#isClosed = true;
    this.#serverId = null;
    clearTimeout(this.#timer);
  }

  async #probe(generation: number): Promise<void> {
    if (!this.#isConnected()) return;
    const serverId = await this.#askServerId();
    if (!this.#isConnected() || generation !== this.#generation) return;
    if (serverId !== undefined) {
      this.#failedProbes = 0;
      this.#serverId = serverId;
      return;
    }
    this.#failedProbes += 1;
    if (this.#failedProbes >= probesPerConnection) {
      this.#failedProbes = 0;
      this.#redis.disconnect(true);
      return;
    }
    this.#timer = setTimeout(() => void this.#probe(generation), probeEveryMs);
  }

  #isConnected(): boolean {
    return !this.#isClosed && this.#redis.status === 'ready';
  }

  async #askServerId(): Promise<string | undefined> {
    try {
      const text = await this.inTime(this.#redis.info('server'));
      return /^run_id:(\w+)/m.exec(text)?.[1];
    } catch {
      return undefined;
    }
  }
}

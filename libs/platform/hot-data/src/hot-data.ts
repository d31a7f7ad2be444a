import { Redis } from 'ioredis';
import { defined, SwitchError } from '@fourway/kernel';
import { Availability } from './availability.ts';
import { connectionOptions } from './connection-options.ts';

export interface HotDataOptions {
  /** redis:// URL. */
  readonly url: string;
  readonly clientName: string;
  /** A call fails when Redis has been silent for this long, milliseconds, and at the latest after four times as long. */
  readonly commandTimeoutMs?: number;
  readonly onError?: (error: Error) => void;
}

/** A script that Redis runs on one key, so that it works on a cluster too. Must be idempotent: after a failure it may have run. */
export interface KeyScript {
  /** Unique a process; becomes the command's name. */
  readonly name: string;
  readonly lua: string;
}

/** One call of a script on keys that share a hash tag, so that they live on one shard. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/**
 * The hot copy: fast, and never the only truth. Every call ends within four command timeouts, or one of silence; nothing queues while Redis is away.
 * After a timeout calls fail at once until Redis answers a probe again, so that a hanging Redis costs one timeout and not one a batch.
 * A failed call is never sent again behind the caller's back.
 * Every method rejects with SwitchError `engine_unavailable` (retryable) when Redis cannot be reached, and with Redis' own error otherwise.
 */
export class HotData {
  readonly #redis: Redis;
  readonly #availability: Availability;
  readonly #scripts = new Set<string>();

  constructor({ url, clientName, commandTimeoutMs = 250, onError }: HotDataOptions) {
    this.#redis = new Redis(url, connectionOptions(clientName));
    // Without a listener ioredis writes to the console.
    this.#redis.on('error', (error: Error) => onError?.(error));
    this.#availability = new Availability(this.#redis, commandTimeoutMs);
  }

  /** Connects in the background; calls fail until it is there. */
  connect(): void {
    this.#redis.connect().catch(() => undefined);
  }

  get isReady(): boolean {
    return this.#availability.serverId !== null;
  }

  /** Identifies the run of the server that calls reach; null while there is none. Another id means that newest writes may be lost. */
  get serverId(): string | null {
    return this.#availability.serverId;
  }

  async get(key: string): Promise<string | null> {
    return this.#guarded(() => this.#redis.get(key));
  }

  /** Values of many keys in one round trip, null where there is none. */
  async getMany(keys: readonly string[]): Promise<(string | null)[]> {
    return keys.length === 0 ? [] : this.#guarded(() => this.#redis.mget([...keys]));
  }

  /** Fields of many hashes in one round trip, null where there is none. */
  async getFields(fields: readonly (readonly [key: string, field: string])[]): Promise<(string | null)[]> {
    if (fields.length === 0) return [];
    const values = await this.#runOne(getFieldsScript, {
      keys: fields.map(([key]) => key),
      args: fields.map(([, field]) => field),
    });
    return Array.isArray(values) ? values.map((value) => (typeof value === 'string' ? value : null)) : [];
  }

  /** Sets many keys in one round trip. */
  async setMany(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    if (entries.length > 0) await this.#guarded(() => this.#redis.mset(entries.flat()));
  }

  /** Takes a lease for `ttlMs`, or renews it where `holder` has it; false where somebody else does. */
  async lease(key: string, { holder, ttlMs }: { readonly holder: string; readonly ttlMs: number }): Promise<boolean> {
    return (await this.#runOne(leaseScript, { keys: [key], args: [holder, String(ttlMs)] })) === 1;
  }

  /** Gives a lease back. */
  async release(key: string, holder: string): Promise<void> {
    await this.#runOne(releaseScript, { keys: [key], args: [holder] });
  }

  /** Runs one script over many keys in one round trip: one key a call, so the calls may land on different shards. */
  runOnKeys(script: KeyScript, calls: readonly (readonly [key: string, ...args: string[]])[]): Promise<unknown[]> {
    return this.runScript(
      script,
      calls.map(([key, ...args]) => ({ keys: [key], args })),
    );
  }

  /** Runs one script many times in one round trip; the keys of one call must share a hash tag. Cheaper than a key a call by two thirds. */
  async runScript(script: KeyScript, calls: readonly ScriptCall[]): Promise<unknown[]> {
    if (calls.length === 0) return [];
    this.#define(script);
    return this.#guarded(() => this.#inOneWrite(() => calls.map((call) => this.#send(script, call))));
  }

  /**
   * Not a pipeline of ioredis: each of those is an object with a property defined on itself, and V8 keeps the shape made for it, and with it
   * the pipeline and its commands, until the next collection of the whole heap. See ADR 0024.
   */
  #inOneWrite(send: () => readonly Promise<unknown>[]): Promise<unknown[]> {
    const { stream } = this.#redis;
    stream.cork();
    try {
      return Promise.all(send());
    } finally {
      stream.uncork();
    }
  }

  #send({ name }: KeyScript, { keys, args }: ScriptCall): Promise<unknown> {
    const commands = this.#redis as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
    const command = defined(commands[name], `command ${name}`);
    return command.call(this.#redis, keys.length, ...keys, ...args);
  }

  async close(): Promise<void> {
    this.#availability.close();
    await this.#redis.quit().catch(() => undefined);
    this.#redis.disconnect();
  }

  async #runOne(script: KeyScript, call: ScriptCall): Promise<unknown> {
    const [result] = await this.runScript(script, [call]);
    return result;
  }

  async #guarded<T>(call: () => Promise<T>): Promise<T> {
    if (!this.isReady)
      throw new SwitchError('engine_unavailable', 'Redis is not there; calls fail until it answers', {
        retryable: true,
      });
    try {
      return await this.#availability.inTime(call());
    } catch (cause) {
      // What Redis itself answered is the caller's business; everything else is about the way to it.
      if (cause instanceof Error && cause.name === 'ReplyError') throw cause;
      this.#availability.suspect();
      throw new SwitchError('engine_unavailable', 'Redis did not answer', { retryable: true, cause });
    }
  }

  #define(script: KeyScript): void {
    if (this.#scripts.has(script.name)) return;
    this.#scripts.add(script.name);
    // ioredis sends EVALSHA and answers NOSCRIPT (restart, promotion, SCRIPT FLUSH) with EVAL.
    this.#redis.defineCommand(script.name, { lua: script.lua });
  }
}

// One command for all: a command of its own for each field costs us more than it costs Redis.
const getFieldsScript: KeyScript = {
  name: 'fourwayGetFields',
  lua: `local values = {}
for i, key in ipairs(KEYS) do values[i] = redis.call('HGET', key, ARGV[i]) end
return values`,
};

const leaseScript: KeyScript = {
  name: 'fourwayLease',
  lua: `local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`,
};

const releaseScript: KeyScript = {
  name: 'fourwayRelease',
  lua: `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`,
};

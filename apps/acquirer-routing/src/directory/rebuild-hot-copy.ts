import { randomBytes } from 'node:crypto';
import type { Clock } from '@fourway/kernel';
import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { Logger } from '@fourway/platform-observability';

export interface RebuildHotCopyOptions<Entry> {
  /** Names the copy in Redis, e.g. `routing`; also what operators see. */
  readonly copy: string;
  readonly hotData: HotData;
  /** The source in pages, in any order that it keeps. */
  readonly pages: () => AsyncIterable<readonly Entry[]>;
  readonly put: (entries: readonly Entry[]) => Promise<void>;
  readonly clock: Clock;
  /** Gives up what is under way. */
  readonly closing: AbortSignal;
  readonly logger: Pick<Logger, 'info'>;
  readonly onRebuilt: (rebuilt: RebuiltCopy) => void;
}

export interface RebuiltCopy {
  readonly entries: number;
  readonly seconds: number;
}

const leaseMs = 10_000;

/**
 * Keeps a hot copy complete. A marker in Redis, `{<copy>:hot-data}`, says that it is, and of which run of the server. When it is gone, or
 * of another run, whose newest writes may be lost, one replica copies the source anew while all serve from the source.
 */
export class RebuildHotCopy<Entry> {
  readonly #options: RebuildHotCopyOptions<Entry>;
  readonly #holder = randomBytes(8).toString('hex');
  readonly #marker: string;
  readonly #lease: string;
  readonly #progress: string;
  #completeRun: string | null = null;
  #isOutdated = false;

  constructor(options: RebuildHotCopyOptions<Entry>) {
    this.#options = options;
    this.#marker = `{${options.copy}:hot-data}`;
    this.#lease = `${this.#marker}:rebuild`;
    this.#progress = `${this.#marker}:copied`;
  }

  /** True where the copy may lack entries, and holds none that is older than its source. */
  get isTrusted(): boolean {
    const { serverId } = this.#options.hotData;
    return serverId !== null && serverId === this.#completeRun;
  }

  /** The copy did not take a change: it is copied anew as soon as Redis is there. */
  distrust(): void {
    this.#isOutdated = true;
    this.#completeRun = null;
  }

  /** Looks at the marker; rebuilds when it has to. Rejects when Redis is away: called again, it begins again. */
  async check(): Promise<void> {
    const { hotData } = this.#options;
    const run = hotData.serverId;
    if (run === null) return;
    if (this.#isOutdated) await hotData.runOnKeys(removeMarker, [[this.#marker]]);
    this.#isOutdated = false;
    const marker = await hotData.get(this.#marker);
    this.#completeRun = marker?.startsWith(`${run} `) === true ? run : null;
    if (this.#completeRun !== null) return;
    if (await hotData.lease(this.#lease, { holder: this.#holder, ttlMs: leaseMs })) await this.#rebuild(run);
  }

  async #rebuild(run: string): Promise<void> {
    const { copy, clock, closing, logger, pages, put, onRebuilt } = this.#options;
    const startedMs = clock.nowMs();
    let entries = 0;
    for await (const page of pages()) {
      await put(page);
      entries += page.length;
      if (closing.aborted || !(await this.#keepLease(entries))) return;
    }
    const seconds = (clock.nowMs() - startedMs) / 1_000;
    if (!(await this.#complete(`${run} ${entries} ${seconds}`))) return;
    if (!this.#isOutdated) this.#completeRun = run;
    onRebuilt({ entries, seconds });
    logger.info({ copy, entries, seconds }, 'hot copy rebuilt');
  }

  /** False when Redis has forgotten the lease: what was copied before is forgotten too. */
  async #keepLease(entries: number): Promise<boolean> {
    const call = { keys: [this.#lease, this.#progress], args: [this.#holder, String(leaseMs), String(entries)] };
    return (await this.#options.hotData.runScript(keepLease, [call]))[0] === 1;
  }

  async #complete(marker: string): Promise<boolean> {
    const call = { keys: [this.#lease, this.#marker], args: [this.#holder, marker] };
    return (await this.#options.hotData.runScript(completeRebuild, [call]))[0] === 1;
  }
}

const keepLease: KeyScript = {
  name: 'fourwayKeepRebuild',
  lua: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`,
};

const completeRebuild: KeyScript = {
  name: 'fourwayCompleteRebuild',
  lua: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return redis.call('DEL', KEYS[1])`,
};

const removeMarker: KeyScript = { name: 'fourwayRemoveHotDataMarker', lua: `return redis.call('DEL', KEYS[1])` };

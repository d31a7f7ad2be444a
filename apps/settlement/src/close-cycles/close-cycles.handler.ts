import { encodeClosedCycle, topics } from '@fourway/contracts';
import { defined, type Clock } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import type { EventMessage } from '@fourway/platform-stream';
import { netDifferences, readCycleRecord, writeCycleFiles, type CycleRecord } from '@fourway/settlement-files';
import type { CycleMetrics } from './cycle-metrics.ts';
import type { CycleRepository } from './cycle.repository.ts';

export interface CloseCyclesOptions {
  readonly cycles: CycleRepository;
  readonly database: Database;
  readonly producer: { send(topic: string, messages: readonly EventMessage[]): Promise<void> };
  /** Folder of the settlement files, the same for all replicas. */
  readonly filesFolder: string;
  readonly metrics: CycleMetrics;
  readonly clock: Clock;
}

const renewEveryMs = 5_000;

/** Takes cycles from their last cut mark to their announcement. Each step is durable and found by its state, so any replica goes on. */
export class CloseCycles {
  readonly #options: CloseCyclesOptions;
  readonly #stopping = new AbortController();

  constructor(options: CloseCyclesOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { cycles, metrics } = this.#options;
    metrics.closing(await cycles.closingSeconds());
    // 1. Cut everywhere: positions.
    for (const cycleId of await cycles.closable()) if (await cycles.close(cycleId)) metrics.closed();
    // 2. Closed: files.
    for (let next = await cycles.leaseUnfiled(); next !== null; next = await cycles.leaseUnfiled())
      await this.#file(next);
    // 3. Filed: tell everybody, again until the broker has it.
    for (const cycleId of await cycles.unannounced()) {
      await this.#announce(cycleId);
      await cycles.announced(cycleId);
    }
  }

  /** Gives up files in the making; the next replica begins them again. */
  stop(): void {
    this.#stopping.abort();
  }

  async #file(cycleId: string): Promise<void> {
    try {
      await this.#writeFiles(cycleId);
    } catch (error) {
      // A fault keeps the lease, so that it is tried again in half a minute rather than at once.
      if (this.#stopping.signal.aborted) await this.#options.cycles.release(cycleId);
      throw error;
    }
  }

  async #writeFiles(cycleId: string): Promise<void> {
    const { cycles, database, filesFolder, metrics, clock } = this.#options;
    const startedMs = clock.nowMs();
    let renewedMs = startedMs;
    const files = await writeCycleFiles({
      ...{ database, cycleId, folder: filesFolder },
      onProgress: async () => {
        this.#stopping.signal.throwIfAborted();
        if (clock.nowMs() - renewedMs < renewEveryMs) return;
        renewedMs = clock.nowMs();
        await cycles.renew(cycleId);
      },
    });
    const differences = netDifferences(files, (await this.#record(cycleId)).positions);
    if (differences.length > 0) throw new Error(`cycle ${cycleId} is not filed: ${differences.join('; ')}`);
    await cycles.filed(cycleId, files);
    metrics.filed(files.length, (clock.nowMs() - startedMs) / 1_000);
  }

  async #announce(cycleId: string): Promise<void> {
    const { positions, files, closedAtMs } = await this.#record(cycleId);
    const value = encodeClosedCycle({
      ...{ cycleId, positions, closedAtMs: defined(closedAtMs, 'time of closing') },
      files: files.map(({ path, sha256, details: count, currency, netMinor }) => ({
        ...{ path, sha256, count, currency, netMinor },
      })),
    });
    await this.#options.producer.send(topics.cycles.name, [{ key: cycleId, value }]);
  }

  async #record(cycleId: string): Promise<CycleRecord> {
    return defined(await readCycleRecord(this.#options.database, cycleId), `cycle ${cycleId}`);
  }
}

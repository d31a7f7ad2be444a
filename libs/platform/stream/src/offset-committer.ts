import type { GroupMember } from './group-member.ts';
import type { Lanes } from './lanes.ts';
import { errorText, type StreamLogger } from './stream-logger.ts';
import type { StreamMetrics } from './stream-metrics.ts';

export interface OffsetCommitterOptions {
  readonly member: Pick<GroupMember, 'commit'>;
  readonly lanes: Lanes;
  readonly everyMs: number;
  readonly heartbeatMs: number;
  readonly logger: StreamLogger;
  readonly metrics: StreamMetrics;
}

/**
 * Commits by the clock, never on a record's path. The broker lets a commit linger (some 10 ms) and answers the connection it
 * shares with heartbeats in order, and kafkajs awaits a due heartbeat between two fetches: a commit just before one would
 * delay the records behind it. So commits follow heartbeats.
 */
export class OffsetCommitter {
  readonly #options: OffsetCommitterOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastHeartbeatMs = 0;
  #lastCommitMs = 0;
  #running: Promise<void> | undefined;

  constructor(options: OffsetCommitterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
    }, this.#options.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  onHeartbeat(): void {
    this.#lastHeartbeatMs = Date.now();
    if (this.#lastHeartbeatMs - this.#lastCommitMs >= this.#options.everyMs / 2) void this.commit();
  }

  /** Commits what is done and not committed; a failure costs duplicates after a crash, nothing else, and the next tick repeats it. */
  async commit(): Promise<void> {
    await this.#running;
    this.#running = this.#commitOnce();
    await this.#running;
    this.#running = undefined;
  }

  #tick(): void {
    const sinceHeartbeatMs = Date.now() - this.#lastHeartbeatMs;
    const isHeartbeatDue =
      sinceHeartbeatMs > this.#options.heartbeatMs * 0.8 && sinceHeartbeatMs < this.#options.heartbeatMs * 2;
    if (!isHeartbeatDue && this.#running === undefined) void this.commit();
  }

  async #commitOnce(): Promise<void> {
    const { lanes, member, logger, metrics } = this.#options;
    const due = lanes.all
      .filter((lane) => lane.state === 'reading' && lane.tracker.committable !== lane.committedOffset)
      .map((lane) => ({ lane, topic: lane.topic, partition: lane.partition, offset: lane.tracker.committable }))
      .filter(({ lane, offset }) => lane.committedOffset >= 0n || offset > 0n);
    if (due.length === 0) return;
    this.#lastCommitMs = Date.now();
    try {
      await member.commit(due);
      for (const { lane, offset } of due) lane.committedOffset = offset;
      metrics.count('commits');
    } catch (error) {
      metrics.count('commit_failures');
      logger.warn({ error: errorText(error) }, 'offsets not committed');
    }
  }
}

import { brokersOf } from '@fourway/cli';
import { sleep } from '@fourway/kernel';
import { committedOffsets } from '@fourway/platform-stream';
import { OffsetClock } from '../timeline/offset-clock.ts';
import { TopicTail } from '../timeline/topic-tail.ts';
import type { Lab } from './lab.ts';

const everyMs = 500;

export interface WatchedGroup {
  readonly groupId: string;
  readonly topic: string;
}

/** Watches how long a group's committed offsets stand in front of a record. */
export class CommitWatch {
  readonly #lab: Lab;
  readonly #group: WatchedGroup;
  readonly #clock = new OffsetClock();
  readonly #tail: TopicTail;
  readonly #running: Promise<void>;
  readonly #lags: { readonly atMs: number; readonly lagMs: number }[] = [];
  #isNeeded = true;

  constructor(lab: Lab, group: WatchedGroup) {
    this.#lab = lab;
    this.#group = group;
    const onRecord = this.#clock.take.bind(this.#clock);
    this.#tail = new TopicTail({ brokers: brokersOf(lab.stack()), topic: group.topic, onRecord });
    this.#running = this.#run();
  }

  /** The longest that a record was held between the two instants, milliseconds. */
  longestMs(fromMs: number, toMs: number): number {
    const within = this.#lags.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return Math.max(0, ...within.map(({ lagMs }) => lagMs));
  }

  async stop(): Promise<void> {
    this.#isNeeded = false;
    await Promise.all([this.#running, this.#tail.stop()]);
  }

  async #run(): Promise<void> {
    const connection = { brokers: brokersOf(this.#lab.stack()), clientId: 'fourway-faults' };
    while (this.#isNeeded) {
      const committed = await committedOffsets({ ...connection, ...this.#group }).catch(() => []);
      const atMs = Date.now();
      this.#lags.push({ atMs, lagMs: this.#clock.lagMs(committed, atMs) });
      await sleep(everyMs);
    }
  }
}

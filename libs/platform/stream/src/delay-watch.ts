import type { Clock } from '@fourway/kernel';
import type { GroupOnTopic } from './consumer-groups.ts';
import { DrainPace } from './drain-pace.ts';
import { GroupDelay } from './group-delay.ts';

export interface WatchedGroup extends GroupOnTopic {
  /** Milliseconds that a record may stay undone. */
  readonly boundMs: number;
}

export interface DelayWatchOptions {
  readonly groups: readonly WatchedGroup[];
  readonly clock: Clock;
}

/** Knows, as of its last look, whether one of some groups leaves records undone for longer than it may, or will leave what comes now. */
export class DelayWatch {
  readonly #clock: Clock;
  readonly #watched: readonly { readonly delay: GroupDelay; readonly pace: DrainPace; readonly boundMs: number }[];
  #isBehind = false;

  constructor({ groups, clock }: DelayWatchOptions) {
    this.#clock = clock;
    this.#watched = groups.map((group) => ({
      ...{ delay: new GroupDelay(group), pace: new DrainPace(), boundMs: group.boundMs },
    }));
  }

  /** False before the first look, and while nobody knows. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Rejects while the broker cannot be asked. */
  async look(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    try {
      const behind = await Promise.all(
        this.#watched.map(async ({ delay, pace, boundMs }) => {
          const standing = await delay.standing(nowMs - boundMs);
          return (pace.waitAfter(nowMs, standing) ?? 0) > boundMs || standing.isOverdue;
        }),
      );
      this.#isBehind = behind.includes(true);
    } catch (error) {
      this.#isBehind = false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watched.map(({ delay }) => delay.close()));
  }
}

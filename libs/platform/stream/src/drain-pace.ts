/** A group on a topic, as of one look at it. */
export interface GroupStanding {
  /** True where a record is left undone that is older than was asked for. */
  readonly isOverdue: boolean;
  /** The group's offsets, added up over the partitions. */
  readonly done: number;
  /** Records behind them. */
  readonly waiting: number;
}

interface Look {
  readonly atMs: number;
  readonly done: number;
}

/** Fewer may be nothing but what is under way. */
const backlogFrom = 1_000;
const leastMs = 900;
const windowMs = 2_500;

/**
 * How long what comes now will wait, from how fast a backlog went down lately. When the *oldest* record has become too old, what came in
 * behind it already waits for longer by as much as more comes in than goes out; this tells before.
 */
export class DrainPace {
  #looks: Look[] = [];

  /**
   * Milliseconds until a record that comes now is done, if the group goes on as it did; null where that cannot be told: without a backlog
   * all along the pace is that of the arrivals, not the group's.
   * @param atMs milliseconds of any clock, not before the last look's
   */
  waitAfter(atMs: number, { done, waiting }: GroupStanding): number | null {
    // Backwards: it was rewound.
    if (waiting < backlogFrom || done < (this.#looks.at(-1)?.done ?? 0)) this.#looks = [];
    if (waiting < backlogFrom) return null;
    this.#looks = [...this.#looks.filter((look) => look.atMs >= atMs - windowMs), { atMs, done }];
    const [first = { atMs, done }] = this.#looks;
    const gone = done - first.done;
    return atMs - first.atMs < leastMs || gone === 0 ? null : (waiting * (atMs - first.atMs)) / gone;
  }
}

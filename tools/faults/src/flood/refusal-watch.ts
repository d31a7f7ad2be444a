import { brokersOf } from '@fourway/cli';
import { decodeRefusal, topics, type Refusal } from '@fourway/contracts';
import { TopicTail } from '../timeline/topic-tail.ts';
import type { Lab } from '../lab/lab.ts';

/** Counts refusals by upstream and code, and keeps which operations of whom were refused. */
export class RefusalWatch {
  readonly #tail: TopicTail;
  readonly #sinceMs = Date.now();
  readonly #refused = new Map<string, Set<string>>();

  constructor(lab: Lab) {
    this.#tail = new TopicTail({
      ...{ brokers: brokersOf(lab.stack()), topic: topics.refused.name },
      onRecord: ({ value }) => {
        if (value !== null) this.#take(decodeRefusal(value));
      },
    });
  }

  /** Operations of one upstream that were refused with that code. */
  of(upstreamId: string, code: string): ReadonlySet<string> {
    return this.#refused.get(`${upstreamId} ${code}`) ?? new Set();
  }

  /** How many operations of each upstream were refused, by `<upstream> <code>`. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#refused].map(([name, operations]) => [name, operations.size]));
  }

  stop(): Promise<void> {
    return this.#tail.stop();
  }

  #take({ upstreamId, code, operationId, refusedAtMs }: Refusal): void {
    if (refusedAtMs < this.#sinceMs) return;
    const name = `${upstreamId} ${code}`;
    const operations = this.#refused.get(name) ?? new Set();
    this.#refused.set(name, operations.add(operationId));
  }
}

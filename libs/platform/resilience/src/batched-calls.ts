import { assert } from '@fourway/kernel';
import { BatchStage } from './batch-stage.ts';

export interface BatchedCallsOptions<I, O> {
  /** Answers all items at once, in their order. What it throws is thrown to every caller of the batch. */
  readonly work: (items: readonly I[]) => Promise<readonly O[]>;
  readonly maxBatch: number;
  /** Batches worked on at once. */
  readonly maxInFlight: number;
  /** Milliseconds between the starts of two batches at light load. Default 1. */
  readonly minIntervalMs?: number;
}

interface Call<I, O> {
  readonly item: I;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Callers ask one at a time; what is asked while earlier batches are worked on is answered together (group commit). */
export class BatchedCalls<I, O> {
  readonly #stage: BatchStage<Call<I, O>>;
  readonly #work: BatchedCallsOptions<I, O>['work'];
  #open = 0;

  constructor({ work, maxBatch, maxInFlight, minIntervalMs = 1 }: BatchedCallsOptions<I, O>) {
    this.#work = work;
    this.#stage = new BatchStage({
      ...{ maxBatch, maxInFlight, minIntervalMs },
      work: (calls) => this.#answer(calls),
      onError: () => undefined,
    });
  }

  /** Calls asked and not answered. */
  get openCount(): number {
    return this.#open;
  }

  ask(item: I): Promise<O> {
    this.#open++;
    return new Promise<O>((resolve, reject) => {
      this.#stage.push([{ item, resolve, reject }]);
    }).finally(() => this.#open--);
  }

  // Never rejects: a stage counts failed work as in flight for good.
  async #answer(calls: readonly Call<I, O>[]): Promise<void> {
    try {
      const answers = await this.#work(calls.map(({ item }) => item));
      assert(answers.length === calls.length, 'a batch has an answer for each of its calls');
      answers.forEach((answer, i) => calls[i]?.resolve(answer));
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}

import type { Outcome } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import type { StreamBatch } from '@fourway/platform-stream';
import type { FeeContracts } from '../project-directory/fee-contracts.ts';
import type { PaymentFactsRepository } from '../post-follow-ups/payment-facts.repository.ts';
import { isReturnOf, PaymentFacts } from '../post-follow-ups/payment-facts.ts';
import { factOfOutcome, faultOf, type FactResult } from './fact-of-outcome.ts';
import type { OpenCycles } from './open-cycles.ts';
import type { OutcomeCursors } from './outcome-cursors.ts';
import { readEntry, type Entry } from './outcome-batch.ts';
import { isRefusedByDatabase, StaleCursorError, type PostingRepository } from './posting.repository.ts';
import type { PostingMetrics } from './posting-metrics.ts';

export interface PostOutcomesOptions {
  readonly contracts: FeeContracts;
  readonly cursors: OutcomeCursors;
  readonly cycles: OpenCycles;
  readonly repository: PostingRepository;
  readonly payments: PaymentFactsRepository;
  readonly metrics: PostingMetrics;
  /** Slot of the balances this replica posts to. */
  readonly slot: () => number;
  readonly clock: Clock;
  /** How long an outcome waits for the fee contract it names, milliseconds. */
  readonly directoryDeadlineMs: number;
}

/** Posts what was approved in a batch: facts, balances, cut marks and Settlement's own offset in one statement. */
export class PostOutcomes {
  readonly #options: PostOutcomesOptions;

  constructor(options: PostOutcomesOptions) {
    this.#options = options;
  }

  /**
   * @throws StaleCursorError when another replica posted meanwhile: the same batch may be handled again
   */
  async handle(batch: StreamBatch): Promise<void> {
    const { cursors, metrics } = this.#options;
    // 1. Records that a cursor has not reached are left to a later read.
    const readable = await cursors.withoutGaps(batch.records);
    for (const record of readable.beyond) batch.done(record);
    // 2. Decode, and compute the facts under one state of the fee contracts.
    const entries = await this.#factsOf(readable.records.map(readEntry));
    // 3. Post; what the database itself refuses is narrowed down to its record.
    const posted = await this.#post(entries);
    // 4. Only now may Kafka's offset pass, and the rejected ones once their dead letters are acknowledged.
    for (const entry of posted) finish(batch, entry);
    metrics.counted(posted);
  }

  async #factsOf(entries: readonly Entry[]): Promise<Entry[]> {
    const { contracts, clock, directoryDeadlineMs } = this.#options;
    await contracts.waitFor(
      new Set(entries.flatMap((entry) => (entry.kind === 'sale' ? [entry.outcome.feeContractId] : []))),
      directoryDeadlineMs,
    );
    const { newest } = contracts;
    const today = Math.floor(clock.nowMs() / 86_400_000);
    const payments = await this.#options.payments.of(entries.flatMap(operationOnPayment));
    return entries.map((entry): Entry => {
      if (entry.kind !== 'sale' && entry.kind !== 'giving_back') return entry;
      const { record, outcome } = entry;
      const payment = payments.get(outcome.rootId);
      const result =
        entry.kind === 'sale'
          ? factOfOutcome(outcome, newest.get(outcome.feeContractId), today)
          : factOfGivingBack(outcome, payment, today);
      if (!('fact' in result)) return { record, kind: 'rejected', reason: result.reason };
      payment?.add({ fact: result.fact, isReturn: isReturnOf(outcome) });
      return { record, kind: 'fact', fact: result.fact };
    });
  }

  /** Returns the entries as they ended: those that the database refused are rejected. */
  async #post(entries: readonly Entry[]): Promise<readonly Entry[]> {
    if (entries.length === 0) return entries;
    try {
      await this.#postTogether(entries);
      return entries;
    } catch (error) {
      if (!isRefusedByDatabase(error)) throw error;
      const [only, second] = entries;
      if (only === undefined || only.kind === 'rejected') throw error;
      if (second === undefined) return this.#post([refused(only, error)]);
      const middle = entries.length >> 1;
      return [...(await this.#post(entries.slice(0, middle))), ...(await this.#post(entries.slice(middle)))];
    }
  }

  async #postTogether(entries: readonly Entry[]): Promise<void> {
    const { cursors, cycles, repository, metrics, slot } = this.#options;
    const plan = cursors.plan(entries);
    await cycles.ensureFor(plan);
    try {
      const inserted = await repository.post(plan, slot());
      cursors.moved(plan);
      metrics.posted({ offered: plan.facts.length, inserted });
    } catch (error) {
      // Who was faster, or whether this was stored before its connection was lost: the database knows. Refused data moved nothing for sure.
      if (!isRefusedByDatabase(error)) cursors.forget(plan);
      if (error instanceof StaleCursorError) metrics.stale();
      throw error;
    }
  }
}

/** Most batches have none, and read nothing. */
function operationOnPayment(entry: Entry): Outcome[] {
  if (entry.kind !== 'sale' && entry.kind !== 'giving_back') return [];
  return entry.outcome.rootId === entry.outcome.operationId ? [] : [entry.outcome];
}

function factOfGivingBack(outcome: Outcome, payment: PaymentFacts | undefined, today: number): FactResult {
  const fault = faultOf(outcome, today);
  if (fault !== null) return { reason: { code: 'outcome_invalid', detail: fault } };
  return (payment ?? new PaymentFacts()).factOf(outcome);
}

const refused = ({ record }: Entry, error: Error): Entry => ({
  record,
  kind: 'rejected',
  reason: { code: 'posting_refused', detail: error.message },
});

function finish(batch: StreamBatch, entry: Entry): void {
  if (entry.kind === 'rejected') batch.deadLetter(entry.record, entry.reason);
  else batch.done(entry.record);
}

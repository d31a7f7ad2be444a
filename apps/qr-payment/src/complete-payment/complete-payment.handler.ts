import { SwitchError } from '@fourway/kernel';
import { BatchedCalls } from '@fourway/platform-resilience';
import type { StreamBatch, StreamRecord } from '@fourway/platform-stream';
import { paymentKey } from '../wait/wait-keys.ts';
import type { WaitingCallers } from '../wait/waiting-callers.ts';
import type { CompletePaymentRepository } from './complete-payment.repository.ts';
import { paymentEndOf, type PaymentEnd } from './payment-end.ts';

interface Options {
  readonly repository: CompletePaymentRepository;
  readonly callers: WaitingCallers;
}

/**
 * Ends payments by what the switch decided. Two readers feed it: the group that all replicas share, which misses nothing, and each
 * replica's own, which is there for callers that wait on it; whichever comes first writes, the other changes nothing.
 */
export class CompletePayment {
  readonly #callers: WaitingCallers;
  readonly #ending: BatchedCalls<PaymentEnd, undefined>;
  readonly #repository: CompletePaymentRepository;

  constructor({ repository, callers }: Options) {
    this.#repository = repository;
    this.#callers = callers;
    this.#ending = new BatchedCalls({
      maxBatch: 500,
      maxInFlight: 2,
      work: async (ends) => {
        await this.#complete(ends);
        return ends.map(() => undefined);
      },
    });
  }

  /** For the group that misses nothing. */
  async handle(batch: StreamBatch): Promise<void> {
    const ends = batch.records.flatMap((record) => readOrSetAside(record, batch) ?? []);
    await this.#complete(ends);
  }

  /** For this replica's callers: whatever nobody here waits for is left to the group. */
  async handleForCallers(records: readonly StreamRecord[]): Promise<void> {
    if (this.#callers.count === 0) return;
    const ends = records.flatMap((record) => readOrSkip(record) ?? []);
    await Promise.all(ends.filter((end) => this.#isAwaited(end)).map((end) => this.#ending.ask(end)));
  }

  #isAwaited({ operationId, orderKey }: PaymentEnd): boolean {
    return orderKey === null || this.#callers.has(orderKey) || this.#callers.has(paymentKey({ operationId }));
  }

  async #complete(ends: readonly PaymentEnd[]): Promise<void> {
    // One statement may touch a row once; an outcome is the same however often it comes, and stands above a refusal.
    const unique = new Map<string, PaymentEnd>();
    for (const end of ends) {
      const there = unique.get(end.operationId);
      if (there === undefined || there.status === 'refused') unique.set(end.operationId, end);
    }
    for (const { operationId, orderKey } of await this.#repository.complete([...unique.values()])) {
      this.#callers.wake(paymentKey({ operationId }));
      this.#callers.wake(orderKey);
    }
  }
}

function readOrSetAside(record: StreamRecord, batch: StreamBatch): PaymentEnd | null {
  try {
    return paymentEndOf(record);
  } catch (error) {
    batch.deadLetter(record, {
      code: error instanceof SwitchError ? error.code : 'undecodable',
      detail: String(error),
    });
    return null;
  }
}

/** What cannot be read is set aside by the group. */
function readOrSkip(record: StreamRecord): PaymentEnd | null {
  try {
    return paymentEndOf(record);
  } catch {
    return null;
  }
}

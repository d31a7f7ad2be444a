import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@fourway/platform-http';
import { Periodic } from '@fourway/platform-resilience';
import type { PaymentParts } from './payment-parts.ts';

const sweepEveryMs = 1_000;
const backlogEveryMs = 5_000;

/** The service's life. Requests have been answered when it stops; what they left open stands in the outbox. */
export class QrPayment implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: PaymentParts;
  readonly #periodic: readonly Periodic[];

  constructor(parts: PaymentParts, logger: Logger) {
    const { outbox, outboxRows, metrics, settleHotData, entry } = parts;
    const every = (everyMs: number, task: string, work: () => Promise<void>): Periodic =>
      new Periodic({ everyMs, work, onError: (error) => logger.warn({ err: error, task }, 'periodic work failed') });
    this.#parts = parts;
    this.#periodic = [
      every(sweepEveryMs, 'sweep outbox', () => outbox.sweep()),
      every(sweepEveryMs, 'settle hot data', settleHotData),
      every(backlogEveryMs, 'report outbox', async () => metrics.backlog(await outboxRows.backlog())),
      ...entry.periodic,
    ];
  }

  async onApplicationBootstrap(): Promise<void> {
    const { engines, follower, consumers } = this.#parts;
    await engines.start();
    await follower.start();
    for (const task of this.#periodic) task.start();
    await Promise.all(consumers.map((consumer) => consumer.start()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { engines, follower, consumers, entry } = this.#parts;
    await Promise.all([
      follower.stop(),
      ...this.#periodic.map((task) => task.stop()),
      ...consumers.map((consumer) => consumer.stop()),
    ]);
    await Promise.all([engines.stop(), entry.close()]);
  }
}

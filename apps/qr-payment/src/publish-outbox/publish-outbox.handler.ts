import { topics } from '@fourway/contracts';
import type { Logger } from '@fourway/platform-http';
import { BatchStage } from '@fourway/platform-resilience';
import type { EventProducer } from '@fourway/platform-stream';
import type { OutboxRepository, OutboxRow } from './outbox.repository.ts';

interface Options {
  readonly repository: OutboxRepository;
  readonly producer: EventProducer;
  readonly logger: Logger;
  readonly onResent: (count: number) => void;
}

const sweepLimit = 500;

/**
 * Publishes what the outbox holds: at once after the commit, and again and again by the same id while it has no outcome. Nothing here
 * decides whether a payment is lost: a row stays until its outcome comes.
 */
export class PublishOutbox {
  readonly #options: Options;
  readonly #fastPath: BatchStage<OutboxRow>;

  constructor(options: Options) {
    this.#options = options;
    this.#fastPath = new BatchStage({
      maxBatch: 1_000,
      maxInFlight: 2,
      minIntervalMs: 1,
      work: (rows) => this.#send(rows),
      onError: () => undefined,
    });
  }

  /** Soon; a failure is the sweep's business. */
  publish(row: OutboxRow): void {
    this.#fastPath.push([row]);
  }

  /** Sends again what is due. */
  async sweep(): Promise<void> {
    for (;;) {
      const rows = await this.#options.repository.takeDue(sweepLimit);
      if (rows.length === 0) return;
      await this.#send(rows);
      this.#options.onResent(rows.length);
      if (rows.length < sweepLimit) return;
    }
  }

  async #send(rows: readonly OutboxRow[]): Promise<void> {
    const { producer, logger } = this.#options;
    try {
      await producer.send(
        topics.requested.name,
        rows.map(({ operationId, record }) => ({ key: operationId, value: record })),
      );
    } catch (error) {
      logger.warn({ err: error, rows: rows.length }, 'requests not acknowledged; the outbox keeps them');
    }
  }
}

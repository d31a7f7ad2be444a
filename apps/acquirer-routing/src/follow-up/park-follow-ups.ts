import { defined, type Clock } from '@fourway/kernel';
import type { OpenOperations } from '../authorize-payment/open-operations.ts';
import type { Incoming } from '../operation.ts';
import type { FollowUpEntry } from './follow-up-entry.ts';
import type { ParkedFollowUp, ParkedFollowUpsRepository } from './parked-follow-ups.repository.ts';

export interface ParkFollowUpsDependencies {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly parked: ParkedFollowUpsRepository;
  /** How long an early operation waits for its root, milliseconds. */
  readonly earlyForMs: number;
}

/** What is waited for is looked at again after so long. */
const againAfterMs = 1_000;

/** Lets the offsets of operations pass that wait for something of their payment: rows in `parked` keep them instead. */
export class ParkFollowUps {
  readonly #with: ParkFollowUpsDependencies;

  constructor(dependencies: ParkFollowUpsDependencies) {
    this.#with = dependencies;
  }

  /** Closes the operations when their rows are durable, so that what comes after them in their payments finds them there. */
  async park(waiting: readonly { readonly entry: FollowUpEntry; readonly isEarly: boolean }[]): Promise<void> {
    if (waiting.length === 0) return;
    const { parked } = this.#with;
    const queued = waiting.filter(({ entry }) => entry.isFromQueue);
    if (queued.length > 0)
      await parked.postpone(
        queued.map(({ entry, isEarly }) => ({ operationId: entry.operation.operationId, ...this.#times(isEarly) })),
      );
    await this.#parkAndClose(waiting);
  }

  /** A row for each record that waits: they are compared when the first of them is claimed. Records may join while rows are written. */
  async #parkAndClose(waiting: readonly { readonly entry: FollowUpEntry; readonly isEarly: boolean }[]): Promise<void> {
    for (;;) {
      const holding = waiting.map(({ entry, isEarly }) => ({
        ...entry,
        isEarly,
        sources: [...entry.operation.sources],
      }));
      // A record of the queue has its row already, and no batch that waits for it.
      const rows = holding.flatMap(({ sources, isEarly }) =>
        sources.filter(isUnparked).map((source) => ({ ...recordOf(source), ...this.#times(isEarly) })),
      );
      if (rows.length === 0) break;
      await this.#with.parked.park(rows);
      for (const { operation, sources } of holding) {
        operation.sources = operation.sources.filter((source) => !sources.includes(source));
        for (const { batch, record } of sources) batch.done(record);
      }
    }
    // In the step that found nothing more to park: what comes later opens them anew.
    for (const { entry } of waiting) this.#with.open.close(entry.operation);
  }

  #times(isEarly: boolean): Pick<ParkedFollowUp, 'dueAtMs' | 'giveUpAtMs'> {
    const nowMs = this.#with.clock.nowMs();
    return { dueAtMs: nowMs + againAfterMs, giveUpAtMs: isEarly ? nowMs + this.#with.earlyForMs : null };
  }
}

const isUnparked = ({ batch }: Incoming): boolean => batch.records.length > 0;

const recordOf = ({ record, scored, fingerprint }: Incoming): Omit<ParkedFollowUp, 'dueAtMs' | 'giveUpAtMs'> => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  rootId: scored.operation.rootId,
  operationId: scored.operation.operationId,
  fingerprint,
  value: defined(record.value, 'record value'),
});

import { topics } from '@fourway/contracts';
import { assert, sleep, SwitchError } from '@fourway/kernel';
import type { HealthProbe } from '@fourway/platform-http';
import type { Logger } from '@fourway/platform-observability';
import { isTransient } from '@fourway/platform-postgres';
import { SendFailedError, type EventMessage } from '@fourway/platform-stream';
import type { PublicationRepository, PublicationState, UnpublishedChange } from './publication.repository.ts';

/** Told after each round. */
export interface PublishMetrics {
  readonly published: (changes: number) => void;
  readonly unpublished: (changes: number) => void;
}

export interface PublishChangesOptions {
  readonly publication: PublicationRepository;
  readonly producer: { send(topic: string, messages: readonly EventMessage[]): Promise<void> };
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: PublishMetrics;
}

const changesASend = 8_000;
/** How soon a change is seen that another replica committed. */
const pollMs = 250;
const retryMs = 250;
/** What a publisher that was killed had on the wire is in the log by then, so newer versions come after it. */
const takeOverPauseMs = 200;
const silentForMs = 60_000;

/**
 * Brings every change onto directory.changed.v1, byte for byte as stored, in the order of change numbers, at least once. One replica
 * does it, the others wait for its lock. The cursor moves when the broker has acknowledged; whoever cannot move it may have been
 * deposed while records were on their way, so that newer ones may lie before them, and has them published again from there.
 */
export class PublishChanges {
  readonly #options: PublishChangesOptions;
  #wakeUp: (() => void) | undefined;
  #isWoken = false;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();
  #unsettledFrom: bigint | null = null;
  #roundEndedMs = performance.now();

  constructor(options: PublishChangesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There may be something new. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.wake();
    await this.#running;
  }

  readonly health: HealthProbe = () =>
    performance.now() - this.#roundEndedMs < silentForMs
      ? { live: true, ready: true }
      : { live: false, ready: true, reason: 'the publisher of directory changes makes no progress' };

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        if (!(await this.#round())) await this.#pause(pollMs);
      } catch (error) {
        if (!passes(error)) throw error;
        this.#options.logger.warn({ err: error }, 'directory changes not published yet');
        await this.#pause(retryMs);
      }
      this.#roundEndedMs = performance.now();
    }
  }

  /** True where something was published. */
  async #round(): Promise<boolean> {
    const { publication, logger, metrics } = this.#options;
    await this.#settle();
    if (!publication.isPublisher) {
      if (!(await publication.claim())) return false;
      logger.info('publishing directory changes');
      await sleep(takeOverPauseMs);
    }
    const state = await publication.state();
    metrics.unpublished(state === null ? 0 : Number(state.last - state.next) + 1);
    if (state === null || state.next > state.last) return false;
    await this.#publish(state);
    return true;
  }

  /** Reads ahead while the broker works. */
  async #publish({ next, last }: PublicationState): Promise<void> {
    const { publication } = this.#options;
    let from = next;
    let changes = await publication.changes(from, changesASend);
    while (changes.length > 0 && !this.#isStopped) {
      assertComplete(changes, from);
      const to = from + BigInt(changes.length);
      const ahead = to > last ? Promise.resolve([]) : publication.changes(to, changesASend);
      // A failure of the read is of no interest where the send fails.
      ahead.catch(() => undefined);
      await this.#send(changes, from, to);
      from = to;
      changes = await ahead;
    }
  }

  async #send(changes: readonly UnpublishedChange[], from: bigint, to: bigint): Promise<void> {
    const { publication, producer, metrics } = this.#options;
    this.#unsettledFrom = from;
    await producer.send(
      topics.directory.name,
      changes.map(({ key, record }) => ({ key, value: record })),
    );
    if (!(await publication.advance(from, to)))
      throw new SwitchError('not_acknowledged', 'another publisher moved the cursor, or this session is a new one', {
        retryable: true,
      });
    this.#unsettledFrom = null;
    this.#roundEndedMs = performance.now();
    metrics.published(changes.length);
  }

  async #settle(): Promise<void> {
    if (this.#unsettledFrom === null) return;
    await this.#options.publication.rewind(this.#unsettledFrom);
    this.#unsettledFrom = null;
  }

  async #pause(ms: number): Promise<void> {
    if (!this.#isWoken && !this.#isStopped)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#isWoken = false;
  }
}

/** True for what heals by itself; anything else is a defect and ends the process. */
const passes = (error: unknown): boolean =>
  isTransient(error) || ((error instanceof SendFailedError || error instanceof SwitchError) && error.retryable);

function assertComplete(changes: readonly UnpublishedChange[], from: bigint): void {
  assert(
    changes.every(({ changeNumber }, i) => changeNumber === from + BigInt(i)),
    `changes from ${from} on have numbers without gaps`,
  );
}

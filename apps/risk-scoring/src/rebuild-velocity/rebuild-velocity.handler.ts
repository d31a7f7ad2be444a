import { randomBytes } from 'node:crypto';
import { sleep, SwitchError, type Clock } from '@fourway/kernel';
import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { Logger } from '@fourway/platform-http';
import { bucketMs, bucketsBehind } from '@fourway/risk';
import { countOnCards, type CountingPlace } from '../card-velocity/card-counters.ts';
import type { CardPayment } from '../card-velocity/card-payment.ts';
import { VelocityEpochs } from '../card-velocity/velocity-epochs.ts';
import { rebuildKey, rebuildLease, tagOf } from '../card-velocity/velocity-keys.ts';
import { keptProgress } from './kept-progress.ts';
import type { PaymentHistory } from './payment-history.ts';

/** A record older than this has expired whatever it says (5 min ahead and 10 min to expire at most), so no window older than its own matters. */
const decidableForMs = 15 * 60_000;
const historyMs = (bucketsBehind + 1) * bucketMs + decidableForMs;
const leaseMs = 10_000;
const retryMs = 250;
const paymentsACall = 2_000;

export interface RebuildVelocityOptions {
  readonly hotData: HotData;
  readonly epochs: VelocityEpochs;
  readonly history: Pick<PaymentHistory, 'read' | 'hasScored'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly onRebuilt: (seconds: number) => void;
}

interface Counting {
  readonly occasion: 'start' | 'lost';
  readonly from: ReadonlyMap<number, bigint>;
  readonly startedMs: number;
  readonly signal: AbortSignal;
}

/**
 * Brings lost windows back: one replica counts the last hour of `payments.requested` into a new epoch, or, where counters survived a restart
 * of the server, what they lack into theirs, and then makes it the current one; the others wait. Payments that come meanwhile are declined,
 * so those it does not see need not be counted.
 */
export class RebuildVelocity {
  readonly #options: RebuildVelocityOptions;
  readonly #holder = randomBytes(8).toString('hex');
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: RebuildVelocityOptions) {
    this.#options = options;
  }

  /** Rebuilds what is lost, in the background and until it is there; nothing where that is under way. */
  ensure(): void {
    if (!this.#stopping.signal.aborted)
      this.#running ??= this.#untilComplete('lost').finally(() => (this.#running = null));
  }

  /** For a start: resolves when windows are there, or after `withinMs`. */
  async begin(withinMs: number): Promise<void> {
    this.#running ??= this.#untilComplete('start').finally(() => (this.#running = null));
    await Promise.race([this.#running, sleep(withinMs)]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #untilComplete(occasion: 'start' | 'lost'): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        if (await this.#attempt(occasion)) return;
      } catch (error) {
        if (this.#options.hotData.isReady) this.#options.logger.warn({ err: error }, 'card windows not rebuilt yet');
      }
      await sleep(retryMs);
    }
  }

  async #attempt(occasion: 'start' | 'lost'): Promise<boolean> {
    const { hotData, epochs } = this.#options;
    if (!(await this.#lease())) return false;
    const given = new AbortController();
    const renewal = setInterval(() => {
      this.#lease().then(
        (isHeld) => isHeld || given.abort(),
        () => undefined,
      );
    }, leaseMs / 3);
    try {
      await epochs.refresh();
      if (epochs.lostTags.length > 0)
        await this.#rebuild(occasion, AbortSignal.any([given.signal, this.#stopping.signal]));
      return epochs.lostTags.length === 0;
    } finally {
      clearInterval(renewal);
      await hotData.release(rebuildLease, this.#holder).catch(() => undefined);
    }
  }

  async #rebuild(occasion: 'start' | 'lost', signal: AbortSignal): Promise<void> {
    const { hotData, epochs, clock, logger, onRebuilt } = this.#options;
    const startedMs = clock.nowMs();
    const kept = await keptProgress(hotData, epochs.survivors);
    const fresh = randomBytes(3).toString('hex');
    const targets = new Map(epochs.lostTags.map((tag) => [tag, this.#target(tag, kept.epochs.get(tag) ?? fresh)]));
    await hotData.runScript(
      openRebuild,
      [...targets.values()].map(({ marker, value }) => ({ keys: [marker], args: [value] })),
    );
    // One tag without counters needs the whole window, and then the others come with it: what they have counted they know.
    const from = targets.size === kept.epochs.size ? kept.from : new Map<number, bigint>();
    const payments = await this.#count({ occasion, from, startedMs, signal }, targets);
    signal.throwIfAborted();
    await epochs.switchTo(new Map([...targets].map(([tag, { value }]) => [tag, value])));
    const seconds = (clock.nowMs() - startedMs) / 1_000;
    onRebuilt(seconds);
    logger.info(
      { tags: targets.size, ofThemKept: kept.epochs.size, fromProgress: from.size > 0, payments, seconds },
      'card windows rebuilt',
    );
  }

  #target(tag: number, epoch: string): CountingPlace {
    const value = VelocityEpochs.markerFor(this.#options.hotData.serverId ?? 'none', epoch);
    return { epoch, marker: rebuildKey(tag, epoch), value };
  }

  /** Counts the history into its targets; returns how many payments that were. */
  async #count(
    { occasion, from, startedMs, signal }: Counting,
    targets: ReadonlyMap<number, CountingPlace>,
  ): Promise<number> {
    const { history } = this.#options;
    let payments = 0;
    let turn = Promise.resolve();
    const onPayments = (read: readonly CardPayment[]): Promise<void> => {
      const ours = read.filter(({ cardToken }) => targets.has(tagOf(cardToken)));
      payments += ours.length;
      // Partitions are read side by side; Redis gets one call at a time, or each would wait for all.
      turn = turn.then(() => this.#countSome(ours, targets));
      return turn;
    };
    if (occasion === 'lost' || (await history.hasScored()))
      await history.read({ sinceMs: startedMs - historyMs, from, signal, onPayments });
    return payments;
  }

  async #countSome(payments: readonly CardPayment[], targets: ReadonlyMap<number, CountingPlace>): Promise<void> {
    for (let at = 0; at < payments.length; at += paymentsACall) {
      const placeOf = (tag: number): CountingPlace | null => targets.get(tag) ?? null;
      const { lostTags } = await countOnCards(this.#options.hotData, payments.slice(at, at + paymentsACall), placeOf);
      if (lostTags.length > 0)
        throw new SwitchError('engine_unavailable', 'Redis lost the windows while they were rebuilt', {
          retryable: true,
        });
    }
  }

  #lease(): Promise<boolean> {
    return this.#options.hotData.lease(rebuildLease, { holder: this.#holder, ttlMs: leaseMs });
  }
}

/** Longer than any rebuild takes: counters below a marker that expired would never be switched to. */
const openRebuild: KeyScript = {
  name: 'fourwayOpenRebuild',
  lua: `return redis.call('SET', KEYS[1], ARGV[1], 'PX', 3600000)`,
};

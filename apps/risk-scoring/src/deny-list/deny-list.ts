import type { Clock } from '@fourway/kernel';
import type { RiskFacts } from '@fourway/risk';
import type { DenyListRepository } from './deny-list.repository.ts';

/** A list not compared with Postgres for this long is stale: it goes on denying, and decisions made with it are marked. */
const staleAfterMs = 30_000;

/**
 * This process' snapshot of the deny list. `refresh` is called every second, so a new entry works about a second after its
 * transaction. Without a first snapshot nothing is accepted; with Postgres away the last one stays in force.
 */
export class DenyList {
  readonly #repository: Pick<DenyListRepository, 'version' | 'cardTokens'>;
  readonly #clock: Clock;
  #tokens: ReadonlySet<string> | null = null;
  #version = '';
  #readAtMs = 0;

  constructor(repository: Pick<DenyListRepository, 'version' | 'cardTokens'>, clock: Clock) {
    this.#repository = repository;
    this.#clock = clock;
  }

  /** Reads the list if it has changed. Rejects when Postgres does; the snapshot stays. */
  async refresh(): Promise<void> {
    const askedAtMs = this.#clock.nowMs();
    // The version first: what changes between the two reads is found by the next refresh.
    const version = await this.#repository.version();
    if (this.#tokens === null || version !== this.#version) this.#tokens = await this.#repository.cardTokens();
    this.#version = version;
    this.#readAtMs = askedAtMs;
  }

  standingOf(cardToken: string): RiskFacts['denyList'] {
    if (this.#tokens === null) return 'unavailable';
    return this.#tokens.has(cardToken) ? 'listed' : 'clear';
  }

  get isStale(): boolean {
    return this.#tokens !== null && this.ageMs > staleAfterMs;
  }

  /** Since the list was last known to be the one in Postgres. */
  get ageMs(): number {
    return this.#clock.nowMs() - this.#readAtMs;
  }

  get size(): number {
    return this.#tokens?.size ?? 0;
  }
}

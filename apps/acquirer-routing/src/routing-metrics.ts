import type { Metrics } from '@fourway/platform-observability';
import type { StoredOutcome } from './decide-outcome/outcome-row.ts';

/** What an operator sees of this service; counted once a batch. */
export class RoutingMetrics {
  readonly #outcomes;
  readonly #refusals;
  readonly #takenUp;
  readonly #renewed;
  readonly #late;
  readonly #breaker;
  readonly #parked;
  readonly #parkedAge;
  readonly #reversals;
  readonly #reversalAge;

  constructor(metrics: Metrics, openOperations: () => number) {
    this.#outcomes = metrics.counter({
      name: 'switch_authorizations_total',
      help: 'Outcomes published, repeats included',
      labels: ['status', 'acquirer'],
    });
    this.#refusals = metrics.counter({ name: 'switch_refusals_total', help: 'Requests refused', labels: ['code'] });
    this.#takenUp = metrics.counter({
      name: 'switch_taken_up_total',
      help: 'Claims of processes that are gone, reversed by this one',
    });
    this.#renewed = metrics.counter({
      name: 'switch_claims_renewed_total',
      help: 'Claims that took longer to store than a request may wait, renewed before anything was sent',
    });
    this.#late = metrics.counter({
      name: 'switch_late_answers_total',
      help: 'Acquirer answers that came after their deadline',
    });
    this.#breaker = metrics.gauge({
      name: 'switch_breaker_open',
      help: '1 while the breaker of an acquirer link is open',
      labels: ['acquirer'],
    });
    this.#parked = metrics.gauge({ name: 'switch_parked_operations', help: 'Rows in the parked queue' });
    this.#parkedAge = metrics.gauge({
      name: 'switch_parked_oldest_due_seconds',
      help: 'How long the oldest parked row is overdue',
    });
    this.#reversals = metrics.gauge({ name: 'switch_reversals_pending', help: 'Reversals without a 0430' });
    this.#reversalAge = metrics.gauge({
      name: 'switch_reversals_oldest_pending_seconds',
      help: 'Age of the oldest reversal without a 0430',
    });
    metrics.gauge({ name: 'switch_open_operations', help: 'Operations in work in this process' }, (gauge) =>
      gauge.set(openOperations()),
    );
  }

  answered(outcomes: readonly StoredOutcome[]): void {
    for (const [key, group] of Map.groupBy(outcomes, ({ status, acquirerId }) => `${status}|${acquirerId}`)) {
      const [status = '', acquirer = ''] = key.split('|');
      this.#outcomes.inc({ status, acquirer }, group.length);
    }
  }

  refused(code: string, count: number): void {
    this.#refusals.inc({ code }, count);
  }

  takenUp(count: number): void {
    this.#takenUp.inc(count);
  }

  renewed(count: number): void {
    this.#renewed.inc(count);
  }

  late(count: number): void {
    this.#late.inc(count);
  }

  breakerChanged(acquirer: string, state: 'open' | 'closed'): void {
    this.#breaker.set({ acquirer }, state === 'open' ? 1 : 0);
  }

  backlogs(
    parked: { open: number; oldestDueSeconds: number },
    reversals: { pending: number; oldestSeconds: number },
  ): void {
    this.#parked.set(parked.open);
    this.#parkedAge.set(parked.oldestDueSeconds);
    this.#reversals.set(reversals.pending);
    this.#reversalAge.set(reversals.oldestSeconds);
  }
}

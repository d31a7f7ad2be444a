import type { Metrics } from '@fourway/platform-observability';
import type { OutboxBacklog } from './publish-outbox/outbox.repository.ts';

interface Watched {
  readonly waitingCallers: () => number;
}

/** What this service counts beside its requests. */
export class PaymentMetrics {
  readonly #orders;
  readonly #payments;
  readonly #resent;
  readonly #turnedAway;
  #backlog: OutboxBacklog = { count: 0, ageSeconds: 0 };

  constructor(metrics: Metrics, { waitingCallers }: Watched) {
    this.#orders = metrics.counter({ name: 'switch_orders_created_total', help: 'Orders created' });
    this.#payments = metrics.counter({ name: 'switch_payments_made_total', help: 'Payments made for orders' });
    this.#resent = metrics.counter({
      name: 'switch_outbox_resent_total',
      help: 'Requests sent again because they had no outcome yet',
    });
    this.#turnedAway = metrics.counter({
      name: 'switch_door_refusals_total',
      help: 'New orders and payments turned away over a quota or for overload, by principal (those without a quota: other)',
      labels: ['code', 'principal'],
    });
    metrics.gauge({ name: 'switch_waiting_callers', help: 'HTTP callers that wait for an outcome' }, (gauge) =>
      gauge.set(waitingCallers()),
    );
    metrics.gauge({ name: 'switch_outbox_rows', help: 'Requests without an outcome' }, (gauge) =>
      gauge.set(this.#backlog.count),
    );
    metrics.gauge(
      { name: 'switch_outbox_age_seconds', help: 'Age of the oldest request without an outcome' },
      (gauge) => gauge.set(this.#backlog.ageSeconds),
    );
  }

  ordersCreated(count: number): void {
    this.#orders.inc(count);
  }

  paymentMade(): void {
    this.#payments.inc();
  }

  resent(count: number): void {
    this.#resent.inc(count);
  }

  turnedAway(code: string, principal: string): void {
    this.#turnedAway.inc({ code, principal });
  }

  backlog(backlog: OutboxBacklog): void {
    this.#backlog = backlog;
  }
}

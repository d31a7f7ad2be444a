import type { Counter, Metrics } from '@fourway/platform-observability';
import type { Replica } from './replica.ts';

/** What the front door says about the replicas behind it. */
export class FrontDoorMetrics {
  readonly #failedTries: Counter<'service' | 'retried'>;

  constructor(metrics: Metrics, replicas: readonly Replica[]) {
    this.#failedTries = metrics.counter({
      name: 'switch_front_door_failed_tries_total',
      help: 'Tries at a replica that brought no answer, and whether another replica was tried',
      labels: ['service', 'retried'],
    });
    metrics.gauge(
      { name: 'switch_front_door_ready_replicas', help: 'Replicas that say they are ready', labels: ['service'] },
      (gauge) => {
        gauge.reset();
        for (const { service, standing } of replicas) gauge.inc({ service }, standing === 'ready' ? 1 : 0);
      },
    );
    metrics.gauge(
      { name: 'switch_front_door_open_requests', help: 'Requests a service has not answered yet', labels: ['service'] },
      (gauge) => {
        gauge.reset();
        for (const { service, inFlight } of replicas) gauge.inc({ service }, inFlight);
      },
    );
  }

  countFailedTry(service: string, isRetried: boolean): void {
    this.#failedTries.inc({ service, retried: String(isRetried) });
  }
}

import { pathGroups } from '@fourway/contracts';
import { systemClock as clock } from '@fourway/kernel';
import { waitBoundsOf } from '@fourway/payment';
import { Periodic } from '@fourway/platform-resilience';
import { DelayWatch, type KafkaConnection } from '@fourway/platform-stream';
import type { QrPaymentConfig } from '../config.ts';
import { SalesDoor, type SalesDoorOptions } from './sales-door.ts';

export interface OpenDoor {
  readonly door: SalesDoor;
  readonly periodic: readonly Periodic[];
  readonly close: () => Promise<void>;
}

const lookEveryMs = 500;

/** The door as configured; as shipped it turns nobody away, and asks the broker nothing. */
export function openDoor(
  { principalQuotas: quotas, shedAfterMs }: Pick<QrPaymentConfig, 'principalQuotas' | 'shedAfterMs'>,
  connection: Required<KafkaConnection>,
  onRefused: SalesDoorOptions['onRefused'],
): OpenDoor {
  if (shedAfterMs === null) {
    const door = new SalesDoor({ quotas, path: { isBehind: false }, clock, onRefused });
    return { door, periodic: [], close: () => Promise.resolve() };
  }
  const { scoringMs, routingMs } = waitBoundsOf(shedAfterMs);
  const groups = [
    { ...connection, ...pathGroups.riskScoring, boundMs: scoringMs },
    { ...connection, ...pathGroups.acquirerRouting, boundMs: routingMs },
  ];
  const path = new DelayWatch({ groups, clock });
  const onError = (err: unknown): void => connection.logger.warn({ err }, 'the path cannot be watched');
  return {
    door: new SalesDoor({ quotas, path, clock, onRefused }),
    periodic: [new Periodic({ everyMs: lookEveryMs, work: () => path.look(), onError })],
    close: () => path.close(),
  };
}

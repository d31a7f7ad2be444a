import { systemClock as clock } from '@fourway/kernel';
import { waitBoundsOf } from '@fourway/payment';
import { Periodic } from '@fourway/platform-resilience';
import { DelayWatch, type KafkaConnection, type PartitionProgress } from '@fourway/platform-stream';
import type { RiskScoringConfig } from '../config.ts';
import { LoadControl } from './load-control.ts';

export interface LoadPartsOptions {
  readonly config: Pick<RiskScoringConfig, 'upstreamQuotas' | 'shedAfterMs'>;
  readonly connection: Required<KafkaConnection>;
  /** Where requests come from, and who reads what is let through. */
  readonly streams: { readonly partitions: number; readonly scored: string; readonly nextGroupId: string };
  readonly progress: () => readonly PartitionProgress[];
}

export interface LoadParts {
  /** Null as shipped: without quotas and without a bound nothing is judged, and nothing is asked of the broker. */
  readonly control: LoadControl | null;
  readonly periodic: readonly Periodic[];
  readonly close: () => Promise<void>;
}

const lookEveryMs = 500;

/** What refuses new payments under load, as configured. */
export function loadParts({ config, connection, streams, progress }: LoadPartsOptions): LoadParts {
  const { upstreamQuotas: quotas, shedAfterMs } = config;
  const { partitions, scored: topic, nextGroupId: groupId } = streams;
  if (shedAfterMs === null) {
    const path = { isBehind: false };
    const policy = { quotas, partitions, shedAfterMs: null };
    const control = quotas.size === 0 ? null : new LoadControl({ policy, progress, path, clock });
    return { control, periodic: [], close: () => Promise.resolve() };
  }
  const { logger } = connection;
  const { scoringMs, routingMs } = waitBoundsOf(shedAfterMs);
  const policy = { quotas, partitions, shedAfterMs: scoringMs };
  const path = new DelayWatch({ groups: [{ ...connection, groupId, topic, boundMs: routingMs }], clock });
  const onError = (err: unknown): void => logger.warn({ err }, 'the path cannot be watched');
  return {
    control: new LoadControl({ policy, progress, path, clock }),
    periodic: [new Periodic({ everyMs: lookEveryMs, work: () => path.look(), onError })],
    close: () => path.close(),
  };
}

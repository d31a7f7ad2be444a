import type { OperationRequest } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import { loadRefusals, PartitionGate, type Load, type LoadPolicy, type LoadRefusal } from '@fourway/payment';
import type { DelayWatch, PartitionProgress, StreamRecord } from '@fourway/platform-stream';

export interface LoadControlOptions {
  readonly policy: LoadPolicy;
  /** The partitions that this process reads now. */
  readonly progress: () => readonly PartitionProgress[];
  /** Of whoever reads what is let through. */
  readonly path: Pick<DelayWatch, 'isBehind'>;
  readonly clock: Clock;
}

interface Door {
  readonly generation: number;
  readonly gate: PartitionGate;
}

/** Refuses new payments that are over a quota or too many, at the head of the path, where a refusal is cheapest. */
export class LoadControl {
  readonly #options: LoadControlOptions;
  readonly #doors = new Map<number, Door>();
  #load: Load = { nowMs: 0, isPathBehind: false };

  constructor(options: LoadControlOptions) {
    this.#options = options;
  }

  /** Before the first record of a batch is judged. */
  begin(): void {
    const { progress, path, clock, policy } = this.#options;
    const nowMs = clock.nowMs();
    this.#load = { nowMs, isPathBehind: path.isBehind };
    for (const { partition, generation, logEndAtStart } of progress()) {
      if (this.#doors.get(partition)?.generation === generation) continue;
      const gate = new PartitionGate(policy, { logEnd: logEndAtStart, atMs: nowMs });
      this.#doors.set(partition, { generation, gate });
    }
  }

  /** Null where the payment is let through; records of a partition come in the order of its log. */
  refusalOf({ operationId, upstreamId }: OperationRequest, record: StreamRecord): LoadRefusal | null {
    const { partition, offset, timestampMs } = record;
    const payment = { operationId, upstreamId, offset, recordedAtMs: timestampMs };
    const verdict = this.#doors.get(partition)?.gate.judge(payment, this.#load) ?? 'admit';
    return verdict === 'admit' ? null : loadRefusals[verdict];
  }

  /** Its refusal is acknowledged. */
  settled({ partition, offset }: StreamRecord): void {
    this.#doors.get(partition)?.gate.settled(offset);
  }
}

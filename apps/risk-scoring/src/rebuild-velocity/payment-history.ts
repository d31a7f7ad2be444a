import { readTopic, type KafkaConnection, type StreamRecord } from '@fourway/platform-stream';
import type { CardPayment } from '../card-velocity/card-payment.ts';
import { admit } from '../score-operation/admit-record.ts';

export interface PaymentHistoryOptions {
  readonly connection: KafkaConnection;
  readonly requestedTopic: string;
  readonly scoredTopic: string;
}

export interface ReadingOptions {
  readonly sinceMs: number;
  /** First offsets of partitions of which later ones than those of `sinceMs` will do. */
  readonly from?: ReadonlyMap<number, bigint>;
  readonly signal: AbortSignal;
  readonly onPayments: (payments: readonly CardPayment[]) => Promise<void>;
}

/** The payments that were asked for, out of the log they came from. */
export class PaymentHistory {
  readonly #options: PaymentHistoryOptions;

  constructor(options: PaymentHistoryOptions) {
    this.#options = options;
  }

  /** False where nothing was ever scored: then no payment was accepted that a window could miss. */
  async hasScored(): Promise<boolean> {
    const { connection, scoredTopic } = this.#options;
    const enough = new AbortController();
    let found = false;
    const onRecords = (): void => {
      found = true;
      enough.abort();
    };
    await readTopic({ ...connection, topic: scoredTopic, signal: enough.signal, onRecords });
    return found;
  }

  /** Every well-formed request from `sinceMs` to the end that the log has now, in order within a partition. */
  async read({ sinceMs, from = new Map(), signal, onPayments }: ReadingOptions): Promise<void> {
    const { connection, requestedTopic: topic } = this.#options;
    const starts = [...from].map(([partition, offset]) => ({ topic, partition, offset }));
    const onRecords = (records: readonly StreamRecord[]): Promise<void> => onPayments(records.flatMap(paymentsIn));
    await readTopic({ ...connection, topic, sinceMs, from: starts, signal, onRecords });
  }
}

function paymentsIn(record: StreamRecord): CardPayment[] {
  const admission = admit(record);
  return admission.kind === 'payment' ? [admission.payment] : [];
}

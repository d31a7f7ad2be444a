import { encodeOutcome, topics, type FeeContract, type Outcome } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import type { DeadLetterReason, StreamBatch, StreamRecord } from '@fourway/platform-stream';

/** 2026-03-04T05:06:07Z: the tests' now. */
export const nowMs = Date.UTC(2026, 2, 4, 5, 6, 7);

/** An operation id of the tests' now, by a number. */
export function operationId(number: number, atMs = nowMs): string {
  const random = Buffer.alloc(10);
  random.writeUInt32BE(number, 6);
  return uuidV7(atMs, random);
}

export const feeContract: FeeContract = {
  feeContractId: 7,
  acquirerId: '48021000',
  providerId: 'sp-1',
  agentId: 'agent-1',
  mdrPpm: 6_000,
  issuerDebitPpm: 3_500,
  issuerCreditPpm: 4_500,
  issuerDebitCapMinor: 1_300n,
  networkPpm: 325,
  networkCapMinor: 325n,
  acquirerParts: 30,
  providerParts: 50,
  agentParts: 20,
};

/** The worked credit sale of CNY 128.88, approved. */
export function approvedSale(number: number, changes: Partial<Outcome> = {}): Outcome {
  const id = changes.operationId ?? operationId(number);
  return {
    operationId: id,
    rootId: id,
    sequence: 1,
    kind: 'sale',
    merchantId: '812345678901234',
    terminalId: '00000001',
    merchantOrderNo: `order-${number}`,
    status: 'approved',
    responseCode: '00',
    amountMinor: 12_888n,
    currency: 'CNY',
    acquirerId: '48021000',
    issuerId: '01020000',
    cardType: 'credit',
    rrn: '000000000001',
    authCode: '123456',
    feeContractId: 7,
    scenario: 'catering',
    requestedAtMs: nowMs,
    decidedAtMs: nowMs,
    businessDate: '2026-03-04',
    ...changes,
  };
}

/** A record of payments.outcomes.v1; bytes stand for a record that is no outcome. */
export const recordOf = (offset: number, value: Outcome | Buffer, partition = 3): StreamRecord => ({
  topic: topics.outcomes.name,
  partition,
  offset: BigInt(offset),
  key: null,
  value: Buffer.isBuffer(value) ? value : encodeOutcome(value),
  headers: {},
  timestampMs: nowMs,
});

/** A batch that remembers what became of its records, by partition/offset. */
export class RememberingBatch implements StreamBatch {
  readonly records: readonly StreamRecord[];
  readonly turn = Promise.resolve();
  readonly finished: string[] = [];
  readonly deadLetters: [where: string, code: string][] = [];

  constructor(records: readonly StreamRecord[]) {
    this.records = records;
  }

  done({ partition, offset }: StreamRecord): void {
    this.finished.push(`${partition}/${offset}`);
  }

  deadLetter({ partition, offset }: StreamRecord, { code }: DeadLetterReason): void {
    this.deadLetters.push([`${partition}/${offset}`, code]);
  }
}

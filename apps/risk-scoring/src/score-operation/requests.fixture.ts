import { randomUUID, randomBytes } from 'node:crypto';
import { encodeOperationRequested, type OperationRequest } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import type { EventMessage } from '@fourway/platform-stream';
import type { CardPayment } from '../card-velocity/card-payment.ts';

export const nowMs = 1_780_000_000_000;

/** A card of a test's own. */
export const newCard = (): string => `62${String(randomBytes(6).readUIntBE(0, 6)).padStart(15, '0').slice(-14)}`;

/** A sale that keeps every rule at `atMs`, but for the changes. */
export function saleRequest(changes: Partial<OperationRequest> = {}, atMs = Date.now()): OperationRequest {
  const operationId = changes.operationId ?? uuidV7(atMs, randomBytes(10));
  return {
    eventId: randomUUID(),
    operationId,
    rootId: operationId,
    kind: 'sale',
    merchantId: '102290058120001',
    terminalId: 'T0000001',
    merchantOrderNo: 'order-1',
    amountMinor: 100n,
    currency: 'CNY',
    cardToken: newCard(),
    presentment: 'merchant',
    requestedAtMs: atMs,
    expiresAtMs: 0,
    upstreamId: 'upstream-1',
    ...changes,
  };
}

/** The record of a request, as an upstream sends it. */
export const messageOf = (request: OperationRequest): EventMessage => ({
  key: request.rootId,
  value: encodeOperationRequested(request),
});

/** A payment as it is counted; offsets are the caller's. */
export const cardPayment = (offset: number, changes: Partial<CardPayment> = {}): CardPayment => ({
  operationId: uuidV7(nowMs, randomBytes(10)),
  cardToken: '6200000000000005',
  amountMinor: 100n,
  partition: 0,
  offset: BigInt(offset),
  recordedAtMs: nowMs,
  ...changes,
});

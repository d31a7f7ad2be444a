import { decodeOperationRequested, type OperationRequest } from '@fourway/contracts';
import { SwitchError, type FieldError } from '@fourway/kernel';
import { checkRequest, isRootKind, type LoadRefusal } from '@fourway/payment';
import type { DeadLetterReason, StreamRecord } from '@fourway/platform-stream';
import type { CardPayment } from '../card-velocity/card-payment.ts';

/** What a record of payments.requested turns out to be. */
export type Admission =
  | {
      readonly kind: 'payment';
      readonly request: OperationRequest;
      readonly payment: CardPayment;
      readonly bytes: Buffer;
    }
  /** An operation on a payment: its root was scored, and it takes no new risk. */
  | { readonly kind: 'follow_up'; readonly request: OperationRequest; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly request: OperationRequest; readonly error: FieldError | LoadRefusal }
  | { readonly kind: 'undecodable'; readonly reason: DeadLetterReason };

/** Reads and checks one record. Judged by the broker's time alone, so the same record has the same answer whenever it is read. */
export function admit({ value, timestampMs, partition, offset }: StreamRecord): Admission {
  if (value === null)
    return { kind: 'undecodable', reason: { code: 'undecodable', detail: 'the record has no value' } };
  const request = decode(value);
  if (request instanceof SwitchError)
    return { kind: 'undecodable', reason: { code: request.code, detail: request.message } };
  const error = checkRequest(request, timestampMs);
  if (error !== null) return { kind: 'refused', request, error };
  if (!isRootKind(request.kind)) return { kind: 'follow_up', request, bytes: value };
  const { operationId, cardToken, amountMinor } = request;
  return {
    kind: 'payment',
    request,
    payment: { operationId, cardToken, amountMinor, partition, offset, recordedAtMs: timestampMs },
    bytes: value,
  };
}

function decode(bytes: Uint8Array): OperationRequest | SwitchError {
  try {
    return decodeOperationRequested(bytes);
  } catch (error) {
    if (error instanceof SwitchError) return error;
    throw error;
  }
}

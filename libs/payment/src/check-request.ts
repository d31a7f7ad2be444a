import type { FieldError } from '@fourway/kernel';
import type { RequestedOperation } from './requested-operation.ts';
import { rulebook } from './rulebook.ts';

/**
 * The first rule of the stateless rulebook that a request breaks, or null. It judges by the broker's time of the record, so a
 * redelivery is judged as the first time; what needs a store (merchant, duplicate, expiry) is checked where the store is.
 * The error names the field and never repeats its value.
 * @param recordedAtMs when the broker appended the record, milliseconds since the Unix epoch
 */
export function checkRequest(request: RequestedOperation, recordedAtMs: number): FieldError | null {
  for (const { holds, error } of rulebook) {
    if (!holds(request, recordedAtMs)) return error;
  }
  return null;
}

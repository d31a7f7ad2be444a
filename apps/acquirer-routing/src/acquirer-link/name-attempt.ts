import type { Iso8583Message } from '@fourway/iso8583';
import { isUuidV7 } from '@fourway/kernel';
import { acquirerReference } from '@fourway/routing';

/** Attempts of one operation at one acquirer that a stray answer is compared with. */
const mostAttempts = 8;

/**
 * The attempt an answer belongs to, found without any memory: DE48 names the operation, and the reference, which is a
 * function of both, tells the attempt. Undefined where they do not fit together.
 */
export function nameAttempt({ fields }: Iso8583Message): { operationId: string; attemptNo: number } | undefined {
  const operationId = fields[48] ?? '';
  if (!isUuidV7(operationId)) return undefined;
  for (let attemptNo = 1; attemptNo <= mostAttempts; attemptNo += 1) {
    if (acquirerReference(operationId, attemptNo).rrn === fields[37]) return { operationId, attemptNo };
  }
  return undefined;
}

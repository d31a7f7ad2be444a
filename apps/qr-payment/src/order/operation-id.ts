import { randomFillSync } from 'node:crypto';
import { uuidV7 } from '@fourway/kernel';
import { crcNumberOf, crcOf } from '@fourway/qr-code';

const random = Buffer.alloc(4_096);
let used = random.length;

/** Ten random bytes, drawn many at a time: a draw of its own would cost more than the id. */
function tenRandomBytes(): Buffer {
  if (used + 10 > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += 10;
  return random.subarray(used - 10, used);
}

/** A new UUIDv7. */
export const newOrderId = (nowMs: number): string => uuidV7(nowMs, tenRandomBytes());

/**
 * A new UUIDv7 that can be recognised as ours: its last 16 bits are a checksum of the others. Outcomes of every upstream come by, and
 * asking Postgres about each would cost more than deciding it. 58 random bits a millisecond are left.
 */
export function newOperationId(nowMs: number): string {
  const head = uuidV7(nowMs, tenRandomBytes()).slice(0, 32);
  return head + markOf(head);
}

/** False: certainly none of ours. True: ours, or one foreign id in 65,536; only Postgres knows. */
export const mayBeOurs = (operationId: string): boolean =>
  operationId.length === 36 && Number.parseInt(operationId.slice(32), 16) === crcNumberOf(operationId.slice(0, 32));

const markOf = (head: string): string => crcOf(head).toLowerCase();

import type { FieldError } from '@fourway/kernel';
import { HttpProblem } from '@fourway/platform-http';
import type { OrderStatus } from '../order/order-status.ts';

export const keyUsed = (operationId: string): HttpProblem =>
  new HttpProblem({
    status: 422,
    code: 'idempotency_conflict',
    title: 'The Idempotency-Key was used for another request',
    detail: `Payment ${operationId} was made under this key from other fields. Use a new key for a new payment.`,
  });

/** The code cannot be read, or is somebody else's. */
export const unreadableCode = ({ field, code, rule, remedy }: FieldError): HttpProblem =>
  new HttpProblem({
    status: 422,
    code: 'qr_code_refused',
    title: 'The code cannot be paid here',
    detail: `/qrPayload: tag ${field} must be ${rule}`,
    errors: [{ pointer: '/qrPayload', code, rule: `tag ${field} must be ${rule}`, remedy }],
  });

export const codeOfNoOrder = (): HttpProblem =>
  new HttpProblem({
    status: 404,
    code: 'order_not_found',
    title: 'There is no such order',
    detail: 'The code names no order of this switch, or differs from the one that was issued for it.',
    errors: [
      {
        pointer: '/qrPayload',
        code: 'order_not_found',
        rule: 'the code that was issued for an order, unchanged',
        remedy: 'scan the code again, or ask the merchant for a new one',
      },
    ],
  });

const details: Readonly<Record<OrderStatus, string>> = {
  created: 'Try again.',
  paying: 'A payment for it is under way. Wait for its outcome.',
  paid: 'It was paid; do not pay it again.',
  failed: 'It was tried too often. Ask the merchant for a new order.',
  closed: 'The merchant closed it. Ask the merchant for a new order.',
  expired: 'Ask the merchant for a new order.',
};

export const notPayable = (status: OrderStatus): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: `order_${status}`,
    title: `The order is ${status}`,
    detail: details[status],
    ...(status === 'paying' ? { headers: { 'retry-after': '1' } } : {}),
  });

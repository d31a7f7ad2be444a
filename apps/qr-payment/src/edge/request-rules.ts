import { checkRequest, type RequestedOperation } from '@fourway/payment';
import { HttpProblem, type FieldProblem } from '@fourway/platform-http';

/** Where a field of the rulebook is in a JSON body. */
const pointers: Readonly<Record<string, string>> = {
  merchant_order_no: '/merchantOrderNo',
  terminal_id: '/terminalId',
  amount_minor: '/amountMinor',
  currency: '/currency',
  card_token: '/cardToken',
  requested_at_ms: '/requestedAt',
};

/** Keeps every rule; what a body gives is put over it, so that only that can break one. */
const sound: RequestedOperation = {
  eventId: '00000000-0000-7000-8000-000000000000',
  operationId: '00000000-0000-7000-8000-000000000000',
  rootId: '00000000-0000-7000-8000-000000000000',
  kind: 'sale',
  merchantId: '100000000000000',
  terminalId: '00000000',
  merchantOrderNo: '0',
  amountMinor: 1n,
  currency: 'CNY',
  cardToken: '0000000000000000',
  presentment: 'merchant',
  requestedAtMs: 1,
  expiresAtMs: 0,
  upstreamId: 'qr-payment',
};

export type CheckedFields = Partial<
  Pick<
    RequestedOperation,
    'merchantOrderNo' | 'terminalId' | 'amountMinor' | 'currency' | 'cardToken' | 'requestedAtMs'
  >
>;

/**
 * Holds what a body gives against the payment rulebook, the same that judges records of payments.requested.v1.
 * @throws HttpProblem 422, naming every field at fault
 */
export function checkFields(fields: CheckedFields, nowMs: number): void {
  // The operation's own id is ours and judged later; its time is this very moment.
  const judgedAtMs = fields.requestedAtMs === undefined ? 0 : nowMs;
  const whole = { ...sound, ...fields };
  if (firstFault(whole, judgedAtMs) === null) return;
  const errors = Object.entries(fields).flatMap(([name, value]) => {
    const fault = firstFault({ ...sound, [name]: value }, judgedAtMs);
    return fault === null ? [] : [fault];
  });
  throw new HttpProblem({
    status: 422,
    code: 'invalid_fields',
    title: 'Fields of the request break their rules',
    detail: errors.map(({ pointer, rule }) => `${pointer}: must be ${rule}`).join('; '),
    errors,
  });
}

function firstFault(request: RequestedOperation, nowMs: number): FieldProblem | null {
  const fault = checkRequest({ ...request, operationId: idOf(nowMs), rootId: idOf(nowMs) }, nowMs);
  if (fault === null) return null;
  const { field, code, rule, remedy } = fault;
  return { pointer: pointers[field] ?? '', code, rule, remedy };
}

/** An id whose time is in range, so that it is not at fault. */
function idOf(nowMs: number): string {
  const hex = nowMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

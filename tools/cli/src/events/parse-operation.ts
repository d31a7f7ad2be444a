import { z } from 'zod';
import { operationKinds, type OperationRequest } from '@fourway/contracts';
import { checkRequest } from '@fourway/payment';
import type { FieldError } from '@fourway/kernel';

/** What a line may leave out, and where it comes from then. */
export interface OperationDefaults {
  readonly newId: () => string;
  readonly nowMs: number;
}

const amount = z.union([z.string().regex(/^-?\d{1,18}$/, 'minor units in digits'), z.number().int()]).transform(BigInt);
const time = z.union([
  z.number().int(),
  z.string().regex(/^\d+$/, 'milliseconds since the Unix epoch').transform(Number),
]);

const operationSchema = z.strictObject({
  eventId: z.string().optional(),
  operationId: z.string().optional(),
  rootId: z.string().optional(),
  kind: z.enum(operationKinds).default('sale'),
  merchantId: z.string(),
  terminalId: z.string().default('T0000001'),
  merchantOrderNo: z.string().optional(),
  amountMinor: amount,
  currency: z.string().default('CNY'),
  cardToken: z.string(),
  presentment: z.enum(['merchant', 'consumer']).default('merchant'),
  originalOperationId: z.string().optional(),
  requestedAtMs: time.optional(),
  expiresAtMs: time.default(0),
  upstreamId: z.string().default('fourway-cli'),
});

export type ParsedOperation =
  | { readonly kind: 'operation'; readonly request: OperationRequest }
  | { readonly kind: 'faults'; readonly faults: readonly FieldError[] };

/**
 * One line of JSON as a request, fields in camelCase or as the contract names them. What is wrong comes as the same errors that a
 * service would refuse the record with.
 * @param checked false lets a request through that the switch will refuse
 */
export function parseOperation(line: string, defaults: OperationDefaults, checked: boolean): ParsedOperation {
  const json = parseJson(line);
  if (json === null) return faults([notJson]);
  const parsed = operationSchema.safeParse(json);
  if (!parsed.success) return faults(parsed.error.issues.map(faultOf));
  const request = withDefaults(parsed.data, defaults);
  const fault = checked ? checkRequest(request, defaults.nowMs) : null;
  return fault === null ? { kind: 'operation', request } : faults([fault]);
}

const faults = (list: readonly FieldError[]): ParsedOperation => ({ kind: 'faults', faults: list });

const notJson: FieldError = {
  ...{ code: 'not_json', field: '(line)', rule: 'one JSON object a line' },
  remedy: 'write for example {"merchantId":"811000000000000","amountMinor":12888,"cardToken":"6299000100000001"}',
};

const snakeCase = /_([a-z])/g;
const inCamelCase = (name: string): string => name.replaceAll(snakeCase, (_, letter: string) => letter.toUpperCase());
const camelCase = /[A-Z]/g;
const nameInContract = (name: string): string => name.replaceAll(camelCase, (letter) => `_${letter.toLowerCase()}`);

function parseJson(line: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
    const named = Object.entries(json).map(([name, value]: [string, unknown]) => [inCamelCase(name), value] as const);
    return Object.fromEntries(named);
  } catch {
    return null;
  }
}

const faultOf = ({ path, message, code }: z.core.$ZodIssue): FieldError => ({
  code,
  field: path.length === 0 ? '(line)' : nameInContract(path.join('.')),
  rule: message,
  remedy: 'see proto/fourway/payments/v1/operation_requested.proto',
});

function withDefaults(data: z.infer<typeof operationSchema>, { newId, nowMs }: OperationDefaults): OperationRequest {
  const operationId = data.operationId ?? newId();
  const { originalOperationId, ...fields } = data;
  return {
    ...fields,
    ...(originalOperationId === undefined ? {} : { originalOperationId }),
    operationId,
    eventId: data.eventId ?? newId(),
    rootId: data.rootId ?? operationId,
    merchantOrderNo: data.merchantOrderNo ?? operationId.replaceAll('-', ''),
    requestedAtMs: data.requestedAtMs ?? nowMs,
  };
}

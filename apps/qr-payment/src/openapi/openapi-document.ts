import { z } from 'zod';
import { createOrderBody, orderAnswer, paymentAnswer, payOrderBody } from '../edge/schemas.ts';
import { problemSchema } from './problem-schema.ts';

type Json = Record<string, unknown>;

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string): Json => ({ content: { 'application/json': { schema: schemaRef(name) } } });
const answer = (description: string, name: string): Json => ({ description, ...json(name) });
const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: schemaRef('Problem') } },
});

const parameter = (where: 'path' | 'query' | 'header', name: string, schema: Json): Json => ({
  name,
  in: where,
  required: where === 'path' || name === 'Idempotency-Key' || name === 'merchantOrderNo',
  schema,
});
const idempotencyKey = parameter('header', 'Idempotency-Key', { type: 'string', pattern: '^[!-~]{1,64}$' });
const orderId = parameter('path', 'orderId', { type: 'string', format: 'uuid' });
const operationId = parameter('path', 'operationId', { type: 'string', format: 'uuid' });
const waitSeconds = parameter('query', 'waitSeconds', { type: 'integer', minimum: 0, maximum: 10, default: 0 });
const merchantOrderNo = parameter('query', 'merchantOrderNo', {
  type: 'string',
  pattern: '^[0-9A-Za-z_-]{1,32}$',
});

const everywhere = {
  401: problem('Not signed as it must be'),
  403: problem('The principal may not do this'),
  503: problem('Send the same request again'),
};
const overQuota = problem('Over the quota of the principal; send the same request again after Retry-After');
const notFound = problem('The caller has no such object');

const paths = {
  '/v1/orders': {
    post: {
      operationId: 'createOrder',
      summary: 'Create an order with its dynamic code',
      parameters: [idempotencyKey],
      requestBody: { required: true, ...json('NewOrder') },
      responses: {
        200: answer('The order was there, under another Idempotency-Key', 'Order'),
        201: answer('Created, now or by the same request before (Idempotent-Replayed: true)', 'Order'),
        400: problem('No JSON, or no Idempotency-Key'),
        429: overQuota,
        422: problem('Fields break their rules; the key or the order number is used otherwise'),
        ...everywhere,
      },
    },
    get: {
      operationId: 'findOrder',
      summary: 'Find an order by its number',
      parameters: [merchantOrderNo, waitSeconds],
      responses: { 200: answer('The order', 'Order'), 404: notFound, 422: problem('A parameter'), ...everywhere },
    },
  },
  '/v1/orders/{orderId}': {
    get: {
      operationId: 'getOrder',
      summary: 'Read an order, and wait for its end',
      parameters: [orderId, waitSeconds],
      responses: { 200: answer('The order', 'Order'), 404: notFound, 422: problem('A parameter'), ...everywhere },
    },
  },
  '/v1/orders/{orderId}/close': {
    post: {
      operationId: 'closeOrder',
      summary: 'Close an order that nobody is paying',
      parameters: [orderId],
      responses: {
        200: answer('Closed, now or before', 'Order'),
        404: notFound,
        409: problem('It is being paid, or has ended'),
        ...everywhere,
      },
    },
  },
  '/v1/payments': {
    post: {
      operationId: 'payOrder',
      summary: "Pay a scanned code, as a payers' app",
      parameters: [idempotencyKey],
      requestBody: { required: true, ...json('NewPayment') },
      responses: {
        200: answer('Decided, for or against', 'Payment'),
        202: answer('Not decided in time; query the Location', 'Payment'),
        400: problem('No JSON, or no Idempotency-Key'),
        404: notFound,
        409: problem('The order cannot be paid now'),
        429: overQuota,
        422: problem('Fields break their rules, the code is refused, or the key is used otherwise'),
        ...everywhere,
      },
    },
  },
  '/v1/payments/{operationId}': {
    get: {
      operationId: 'getPayment',
      summary: 'Read a payment, as the app that made it or the merchant it was made to',
      parameters: [operationId],
      responses: { 200: answer('The payment', 'Payment'), 404: notFound, ...everywhere },
    },
  },
};

const header = (name: string, description: string): Json => ({ type: 'apiKey', in: 'header', name, description });

const securitySchemes = {
  key: header('Fourway-Key', '<principal>.<version>, for example merchant:812345678900001.1'),
  timestamp: header('Fourway-Timestamp', 'Milliseconds since the Unix epoch, within 5 minutes of our clock'),
  signature: header(
    'Fourway-Signature',
    'HMAC-SHA256, hex, with the key over timestamp, method, path with query and hex SHA-256 of the body, joined by line feeds',
  ),
};

/** The API as OpenAPI 3.1, its bodies from the very schemas that validate. */
export function openApiDocument(): Json {
  const bodies = { NewOrder: createOrderBody, NewPayment: payOrderBody };
  const answers = { Order: orderAnswer, Payment: paymentAnswer };
  const plain = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const schemaOnly = Object.entries(z.toJSONSchema(schema, { io })).filter(([name]) => name !== '$schema');
    return Object.fromEntries(schemaOnly);
  };
  const schemas = {
    ...mapValues(bodies, (schema) => plain(schema, 'input')),
    ...mapValues(answers, (schema) => plain(schema, 'output')),
    Problem: problemSchema,
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fourway orders and payments',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas, securitySchemes },
    security: [{ key: [], timestamp: [], signature: [] }],
  };
}

const mapValues = <T>(record: Record<string, T>, map: (value: T) => Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

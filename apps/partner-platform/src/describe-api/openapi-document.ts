import { z } from 'zod';
import { ndjsonMediaType, problemContentType } from '@fourway/platform-http';
import { importLine } from '../import-directory/import-line.ts';
import { operations, type Operation } from './operations.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): object => {
  // One document has one dialect, which is the default of OpenAPI 3.1.
  return Object.fromEntries(Object.entries(z.toJSONSchema(schema, { io })).filter(([name]) => name !== '$schema'));
};

/** OpenAPI 3.1, made of the schemas that requests are read with. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fourway directory',
      version: '1',
      description: 'Providers, merchants, stores, terminals, plates and fee contracts.',
    },
    security: [{ key: [], timestamp: [], signature: [] }],
    components: {
      securitySchemes: {
        key: headerScheme('Fourway-Key', '<principal>.<version>'),
        timestamp: headerScheme('Fourway-Timestamp', 'Milliseconds since the Unix epoch'),
        signature: headerScheme(
          'Fourway-Signature',
          'HMAC-SHA256 over timestamp, method, path with query, and SHA-256 of the body, one a line',
        ),
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
    paths,
  };
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), rule: z.string(), remedy: z.string() })).optional(),
});

const headerScheme = (name: string, description: string): object => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});

function describe({ summary, path, query, headers = [], body, answer, answers }: Operation): object {
  return {
    summary,
    parameters: [
      ...(path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []),
      ...Object.entries(query ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        schema: schemaOf(schema, 'input'),
      })),
      ...headers.map((name) => ({ name, in: 'header', required: name !== 'If-Match', schema: { type: 'string' } })),
    ],
    ...requestBody(path, body),
    responses: Object.fromEntries(answers.map((status) => [String(status), response(status, answer)])),
  };
}

function requestBody(path: string, body: z.ZodType | undefined): object {
  if (path === '/v1/directory/import')
    return {
      requestBody: { required: true, content: { [ndjsonMediaType]: { schema: schemaOf(importLine, 'input') } } },
    };
  return body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } };
}

const response = (status: number, answer: z.ZodType): object =>
  status < 300
    ? { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } }
    : {
        description: 'A problem',
        content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      };

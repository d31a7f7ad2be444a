import 'reflect-metadata';
import { Readable } from 'node:stream';
import { Body, Controller, Get, Module, Param, ParseIntPipe, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { rawBodyOf, TakesBody } from './body-parsers.ts';
import { createApplication } from './create-application.ts';
import { HttpProblem } from './http-problem.ts';
import { parseBody } from './problem-of-zod.ts';

const order = z.strictObject({
  amountMinor: z.int().min(1),
  lines: z.array(z.strictObject({ sku: z.string() })).max(2),
});

const problem = z.object({ errors: z.array(z.unknown()) });

@Controller()
class OrdersController {
  @Post('/orders')
  create(@Body() body: unknown) {
    return parseBody(order, body);
  }

  @Post('/raw')
  raw(@Req() request: FastifyRequest) {
    return { raw: rawBodyOf(request).toString('hex') };
  }

  @Post('/lines')
  @TakesBody({ streams: true })
  async lines(@Body() body: Readable) {
    const chunks: unknown[] = await body.toArray();
    return { bytes: Buffer.concat(z.array(z.instanceof(Uint8Array)).parse(chunks)).length };
  }

  @Post('/large')
  @TakesBody({ maxBytes: 200_000 })
  large(@Req() request: FastifyRequest) {
    return { bytes: rawBodyOf(request).length };
  }

  @Get('/defect/:id')
  defect(@Param('id', ParseIntPipe) id: number) {
    throw new Error(`password=hunter2 in /srv/secret.ts, ${id}`);
  }

  @Get('/busy')
  busy() {
    throw new HttpProblem({ status: 409, code: 'in_flight', title: 'Still at work', headers: { 'retry-after': '1' } });
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {}

describe('HTTP conventions', () => {
  const lines: string[] = [];
  const metrics = new Metrics('spec');
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const logger = createLogger('spec', 'info', { write: (line) => void lines.push(line) });
    app = await createApplication({ logger, metrics, compose: () => Promise.resolve(OrdersModule) });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const post = (url: string, payload: string | Buffer, type = 'application/json') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });

  it.each([
    { what: 'malformed JSON', payload: '{"amountMinor":', status: 400, code: 'malformed_json' },
    { what: 'a prototype in JSON', payload: '{"__proto__":{"amountMinor":1}}', status: 400, code: 'malformed_json' },
    { what: 'JSON that is not UTF-8', payload: Buffer.from([0x22, 0xff, 0x22]), status: 400, code: 'malformed_json' },
    {
      what: 'a form',
      payload: 'a=1',
      type: 'application/x-www-form-urlencoded',
      status: 415,
      code: 'unsupported_media_type',
    },
    { what: 'plain text', payload: '{}', type: 'text/plain', status: 415, code: 'unsupported_media_type' },
    {
      what: 'a stream where none is taken',
      payload: '{}',
      type: 'application/x-ndjson',
      status: 415,
      code: 'unsupported_media_type',
    },
    { what: 'a body over the limit', payload: `"${'x'.repeat(70_000)}"`, status: 413, code: 'body_too_large' },
    { what: 'an unknown route', url: '/nowhere', payload: '{}', status: 404, code: 'not_found' },
    { what: 'a path that is no URL', url: '/orders/%zz', payload: '{}', status: 400, code: 'malformed_request' },
    { what: 'fields that break rules', payload: '{"amountMinor":0,"lines":[]}', status: 422, code: 'invalid_fields' },
    { what: 'no body at all', payload: '', status: 422, code: 'invalid_fields' },
  ])('answers $what as a problem', async ({ url = '/orders', payload, type, status, code }) => {
    const answer = await post(url, payload, type);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, type: `urn:fourway:problem:${code}` });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ requestId: answer.headers['request-id'] });
  });

  it('names the field, the rule and the remedy by a JSON pointer', async () => {
    const answer = await post('/orders', '{"amountMinor":1,"lines":[{"sku":"a"},{"sku":7,"a/b~":1}]}');
    expect(problem.parse(answer.json()).errors).toEqual([
      { pointer: '/lines/1/sku', code: 'wrong_type', rule: 'must be a string', remedy: 'Send a string.' },
      {
        pointer: '/lines/1/a~1b~0',
        code: 'unknown_field',
        rule: 'is no field of this request',
        remedy: 'Leave it out.',
      },
    ]);
  });

  it('passes what a handler says about its own refusal, headers too', async () => {
    const answer = await app.inject('/busy');
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ status: 409, code: 'in_flight', title: 'Still at work' });
  });

  it('answers a defect without a word of it, and logs it with the id that the client sees', async () => {
    const answer = await app.inject({ url: '/defect/1', headers: { 'request-id': 'caller-0001' } });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/hunter2|secret/);
    expect(answer.json()).toMatchObject({ code: 'internal', requestId: 'caller-0001' });
    expect(lines.join('')).toMatch(/"requestId":"caller-0001".*"route":"\/defect\/:id".*hunter2/);
  });

  it('takes over Nest’s own refusals', async () => {
    expect((await app.inject('/defect/x')).json()).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  it.each(['short', 'x'.repeat(65), 'inject\tion-here', '{"a":"b"}--'])(
    'replaces an id unfit for logs: %j',
    async (given) => {
      const { headers } = await app.inject({ url: '/busy', headers: { 'request-id': given } });
      expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('keeps the bytes that were signed beside what they mean', async () => {
    const text = '{ "a" : 1.0 }';
    expect((await post('/raw', text)).json()).toEqual({ raw: Buffer.from(text).toString('hex') });
    expect((await app.inject({ method: 'POST', url: '/raw' })).json()).toEqual({ raw: '' });
  });

  it('lets a route take more, and a stream of lines without a limit', async () => {
    expect((await post('/large', `"${'x'.repeat(150_000)}"`)).json()).toEqual({ bytes: 150_002 });
    expect((await post('/large', `"${'x'.repeat(200_000)}"`)).statusCode).toBe(413);
    expect((await post('/lines', '{"a":1}\n'.repeat(50_000), 'application/x-ndjson')).json()).toEqual({
      bytes: 400_000,
    });
  });

  it('never fails for bad input', async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    await fc.assert(
      fc.asyncProperty(body, async (payload) => {
        expect([400, 422]).toContain((await post('/orders', payload)).statusCode);
      }),
      { numRuns: 300 },
    );
  });

  it('counts requests by route template, never by what a client wrote', async () => {
    await app.inject('/defect/77');
    await app.inject('/a-path-made-up');
    const text = await metrics.text();
    expect(text).toMatch(/switch_http_request_seconds_count\{[^}]*route="\/defect\/:id"[^}]*status="5xx"[^}]*\} \d/);
    expect(text).toMatch(/switch_http_request_seconds_count\{[^}]*route="unknown"[^}]*status="4xx"[^}]*\} \d/);
    expect(text).not.toMatch(/made-up|defect\/77/);
  });
});

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { createFrontDoor, type FrontDoor } from './front-door.ts';
import { bodyLimits } from './request-body.ts';
import { NodeProcess } from './testing/child-process.ts';

const post = ['POST /v1/orders HTTP/1.1', 'host: door', 'content-type: application/json'];

describe('front door and clients that mean no good', () => {
  let upstream: NodeProcess;
  let door: FrontDoor;
  let port: number;

  beforeAll(async () => {
    upstream = await NodeProcess.start('fixtures/upstream.mjs');
    door = createFrontDoor({
      ...{ upstreams: { 'qr-payment': [upstream.url] }, answerTimeoutMs: 300, metrics: new Metrics('spec') },
      logger: createLogger('spec', 'fatal'),
      limits: { headersTimeoutMs: 500 },
      bodies: { ...bodyLimits, heldWithinMs: 500, streamedPeriodMs: 300 },
    });
    await door.http.listen({ host: '127.0.0.1', port: 0 });
    port = Number(new URL(door.http.listeningOrigin).port);
    door.poll.start();
    await eventually(() => expect(door.poll.isComplete).toBe(true));
  }, 60_000);
  afterAll(async () => {
    await door.http.close();
    await door.close();
    await upstream.end('SIGKILL');
  });

  /** Writes bytes and returns everything that comes back until the door ends the connection. */
  const say = (lines: readonly string[], body = '', trickle?: (socket: Socket) => void): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let heard = '';
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.once('close', () => resolve(heard));
      socket.write(`${lines.join('\r\n')}\r\n${body}`);
      trickle?.(socket);
    });

  it('ends a connection that does not finish its header fields', async () => {
    expect(await say(['GET /v1/orders HTTP/1.1', 'host: door'])).toMatch(/^HTTP\/1.1 408 .*request_timeout/s);
  });

  it('refuses a body that trickles in', async () => {
    const trickle = (socket: Socket): void => {
      const timer = setInterval(() => socket.write('1'), 50);
      socket.once('close', () => clearInterval(timer));
    };
    expect(await say([...post, 'content-length: 1000', ''], '', trickle)).toMatch(/^HTTP\/1.1 408 .*request_timeout/s);
  });

  it('ends a stream that stands still', async () => {
    const head = ['POST /v1/directory/import HTTP/1.1', 'host: door', 'content-type: application/x-ndjson'];
    expect(await say([...head, 'content-length: 1000', ''], '{}\n')).not.toMatch(/ 200 /);
  });

  it.each([
    ['announced', ['content-length: 300000', 'connection: close', ''], 'x'],
    ['not announced', ['transfer-encoding: chunked', ''], `493e0\r\n${'x'.repeat(300_000)}\r\n`],
  ])('refuses a body that is too large, %s', async (_what, fields, body) => {
    expect(await say([...post, ...fields], body)).toMatch(/^HTTP\/1.1 413 .*body_too_large/s);
  });

  it.each([
    ['two lengths', ['content-length: 5', 'content-length: 6', '']],
    ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked', '']],
    ['a field folded over lines', ['x-a: 1', ' content-length: 5', '']],
    ['a space before the colon', ['content-length : 5', '']],
    ['a bare line feed', ['x-a: 1\ncontent-length: 5', 'transfer-encoding: chunked', '']],
  ])('refuses a request that two readers could cut differently: %s', async (_what, fields) => {
    expect(await say([...post, ...fields], '0\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  it('refuses header fields without end', async () => {
    const fields = Array.from({ length: 500 }, (_, n) => `x-${n}: ${'y'.repeat(100)}`);
    expect(await say(['GET /v1/orders HTTP/1.1', 'host: door', ...fields, ''])).toMatch(/^HTTP\/1.1 431 /);
  });

  it('does not let operations paths be reached through the path space, nor API paths through operations', async () => {
    const paths = ['/v1/orders/../metrics', '/metrics/x', '/readyz/../v1/orders', '/'];
    const answers = await Promise.all(
      paths.map((path) => say([`GET ${path} HTTP/1.1`, 'host: door', 'connection: close', ''])),
    );
    expect(answers.filter((answer) => !answer.startsWith('HTTP/1.1 404 '))).toEqual([]);
  });

  it('says when an answer does not come in time, without asking again', async () => {
    const answer = await door.http.inject('/v1/orders?afterMs=3000');
    expect(answer.json()).toMatchObject({ status: 504, code: 'no_answer' });
  });
});

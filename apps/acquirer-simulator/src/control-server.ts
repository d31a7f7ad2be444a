import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ZodError, prettifyError } from 'zod';
import type { AcquirerHost } from './acquirer-host.ts';
import type { IsoServer } from './iso-server.ts';
import type { Payments } from './payments.ts';

interface Controlled {
  readonly host: AcquirerHost;
  readonly iso: IsoServer;
  readonly payments: Payments;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (controlled: Controlled, body: string) => Answer | Promise<Answer>;

const ok = (body: unknown): Answer => ({ status: 200, body });

const routes: Readonly<Record<string, Route>> = {
  'GET /healthz': () => ok({ status: 'alive' }),
  'GET /readyz': ({ iso }) =>
    iso.isListening ? ok({ status: 'ready' }) : { status: 503, body: { status: 'refusing connections' } },
  'GET /metrics': ({ host, payments }) =>
    ok(
      host.counters.render({
        payments: payments.count,
        book_bytes: payments.bookBytes,
        resident_bytes: process.memoryUsage.rss(),
      }),
    ),
  'GET /book/summary': ({ payments }) =>
    ok({ payments: payments.count, bytes: payments.bookBytes, totals: payments.totals }),
  'GET /behaviour': ({ host }) => ok(host.behaviour),
  'POST /behaviour': async ({ host, iso }, body) => {
    const behaviour = host.change(JSON.parse(body));
    await iso.obey(behaviour.refuseConnections);
    return ok(behaviour);
  },
  'POST /behaviour/reset': async ({ host, iso }) => {
    await iso.obey(host.reset().refuseConnections);
    return ok(host.behaviour);
  },
  'POST /disconnect': ({ iso }) => {
    iso.disconnectAll();
    return ok({ status: 'disconnected' });
  },
};

/** The host's control over HTTP: behaviour (see behaviour.ts), health, metrics and the sums of the book. */
export function createControlServer(controlled: Controlled): Server {
  return createServer((request, response) => {
    answer(controlled, request).then(
      (result) => send(response, result),
      (error: unknown) => send(response, refusal(error)),
    );
  });
}

async function answer(controlled: Controlled, request: IncomingMessage): Promise<Answer> {
  const path = new URL(request.url ?? '/', 'http://control').pathname;
  const route = routes[`${request.method ?? 'GET'} ${path}`];
  if (route === undefined) return { status: 404, body: { error: 'no such path', paths: Object.keys(routes) } };
  return route(controlled, await text(request));
}

function refusal(error: unknown): Answer {
  if (error instanceof ZodError) return { status: 400, body: { error: prettifyError(error) } };
  if (error instanceof SyntaxError) return { status: 400, body: { error: 'the body must be JSON' } };
  return { status: 500, body: { error: String(error) } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain; version=0.0.4' : 'application/json' });
  response.end(isText ? body : `${JSON.stringify(body)}\n`);
}

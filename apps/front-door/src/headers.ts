import type { IncomingHttpHeaders } from 'node:http';

export type Headers = Record<string, string | string[]>;

/** Of one connection only (RFC 9110 §7.6.1); `expect` too, which the front door has answered itself. */
const hopByHop: readonly string[] = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What says who the client is: only ours is true, since nobody in front of us is trusted. */
const origin: readonly string[] = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** `content-length` too: whoever writes the next message counts its own bytes, so that two lengths can never disagree. */
const droppedFromRequest: ReadonlySet<string> = new Set([...hopByHop, ...origin, 'host', 'content-length']);
const droppedFromAnswer: ReadonlySet<string> = new Set(hopByHop);

export interface Sender {
  readonly address: string;
  readonly host: string | undefined;
  readonly requestId: string;
}

/** The header fields a replica gets. */
export function requestHeaders(given: IncomingHttpHeaders, { address, host, requestId }: Sender): Headers {
  return {
    ...without(given, droppedFromRequest),
    'x-forwarded-for': address,
    'x-forwarded-proto': 'http',
    ...(host !== undefined && { 'x-forwarded-host': host }),
    'request-id': requestId,
  };
}

/** The header fields of a replica's answer that the client gets. */
export const answerHeaders = (given: IncomingHttpHeaders): Headers => without(given, droppedFromAnswer);

function without(given: IncomingHttpHeaders, dropped: ReadonlySet<string>): Headers {
  const named = namedBy(given.connection);
  const kept: Headers = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !dropped.has(name) && !named.includes(name)) kept[name] = value;
  return kept;
}

/** A `Connection` field names further fields of this connection only. */
function namedBy(connection: string | undefined): readonly string[] {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return [];
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

import { headersOf, bodyTextOf, type ApiRequest } from '../orders/api-client.ts';

/** A request as a shell command: signed now, so it is good for as long as the service takes clocks to differ. */
export function curlOf(url: string, masterKeyHex: string, request: ApiRequest): string {
  const text = bodyTextOf(request);
  const headers = Object.entries(headersOf(Buffer.from(masterKeyHex, 'hex'), request));
  return [
    `curl -i -X ${request.method} ${quoted(url + request.path)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(text === '' ? [] : [`--data-raw ${quoted(text)}`]),
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { messageOf } from '../processes/errors.ts';
import { writeJsonFile } from '../processes/json-file.ts';
import type { RunningStack } from '../start-stack.ts';
import { restartRequest, type ControlMessage } from './control-protocol.ts';

export interface ControlServer {
  close(): void;
}

/** Lets commands of this stack's owner ask the supervisor for rolling restarts, one at a time, on a loopback port. */
export async function startControlServer(stack: RunningStack, addressFile: string): Promise<ControlServer> {
  const token = randomBytes(24).toString('hex');
  let isBusy = false;
  const server = createServer((request, response) => {
    if (!isAllowed(request, token) || isBusy) {
      response.writeHead(isBusy ? 409 : 403).end();
      return;
    }
    isBusy = true;
    void restart(stack, request, response).finally(() => (isBusy = false));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeJsonFile(addressFile, { url: `http://127.0.0.1:${portOf(server.address())}`, token });
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(addressFile, { force: true });
    },
  };
}

async function restart(stack: RunningStack, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const tell = (message: ControlMessage): void => void response.write(`${JSON.stringify(message)}\n`);
  try {
    const { services } = restartRequest.parse(await json(request));
    const restarts = await stack.restart(services, (line) => tell({ kind: 'progress', line }));
    tell({ kind: 'done', restarts: [...restarts] });
  } catch (error) {
    tell({ kind: 'failed', message: messageOf(error) });
  }
  response.end();
}

function isAllowed({ method, headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return method === 'POST' && given.length === expected.length && timingSafeEqual(given, expected);
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

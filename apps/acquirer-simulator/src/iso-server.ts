import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Iso8583Profile } from '@fourway/iso8583';
import type { AddressInfo, Server, Socket } from 'node:net';
import { IsoConnection } from './iso-connection.ts';
import type { AcquirerHost } from './acquirer-host.ts';
import type { Payments } from './payments.ts';

/** The host's TCP side: listens, or refuses connections when told to. */
export class IsoServer {
  readonly #host: AcquirerHost;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;

  constructor(options: { host: AcquirerHost; payments: Payments; port: number; profile: Iso8583Profile }) {
    this.#host = options.host;
    this.#port = options.port;
    const { host, payments, profile } = options;
    this.#server = createServer((socket) => {
      this.#admit(socket);
      new IsoConnection({ host, payments, profile, socket });
    });
  }

  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server.listening;
  }

  /** Listens or not, as the behaviour says; the port stays the same. */
  async obey(refuseConnections: boolean): Promise<void> {
    if (refuseConnections === !this.#server.listening) return;
    if (refuseConnections) {
      this.#server.close();
      return;
    }
    this.#server.listen(this.#port);
    await once(this.#server, 'listening');
    this.#port = parseAddress(this.#server.address()).port;
  }

  disconnectAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops listening and ends every connection when its answers are out. */
  async stop(): Promise<void> {
    const ended = [...this.#sockets].map((socket) => once(socket, 'close'));
    if (this.#server.listening) this.#server.close();
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
    await Promise.all(ended);
  }

  #admit(socket: Socket): void {
    const { counters } = this.#host;
    this.#sockets.add(socket);
    counters.connections += 1;
    counters.openConnections += 1;
    socket.once('close', () => {
      this.#sockets.delete(socket);
      counters.openConnections -= 1;
    });
  }
}

function parseAddress(address: ReturnType<Server['address']>): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('broken invariant: a TCP server has a port');
  return address;
}

import { connect, createServer, type Server, type Socket } from 'node:net';

/** For tests: a TCP way to a real Redis that can hang (nothing passes, nothing closes) or be cut (refused, connections reset). */
export class FaultyLink {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: 'open' | 'hanging' | 'cut' = 'open';

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => {
      this.#join(client);
    });
  }

  static async to(redisUrl: string): Promise<FaultyLink> {
    const link = new FaultyLink(new URL(redisUrl));
    await new Promise<void>((resolve) => link.#server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  /** The Redis behind, reached over this link. */
  get url(): string {
    const url = new URL(this.#target);
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the link is closed');
    url.host = `127.0.0.1:${address.port}`;
    return url.href;
  }

  hang(): void {
    this.#state = 'hanging';
    for (const socket of this.#sockets) socket.pause();
  }

  /** The connections of now hang for good, as behind a firewall that forgot them; new ones work. */
  forgetConnections(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').pause();
  }

  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.#state = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    if (this.#state === 'cut') {
      client.destroy();
      return;
    }
    const server = connect(Number(this.#target.port || 6379), this.#target.hostname);
    for (const [from, to] of [[client, server] as const, [server, client] as const]) {
      this.#sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#state === 'hanging') from.pause();
    }
  }
}

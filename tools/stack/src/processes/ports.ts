import { createServer, type Server } from 'node:net';
import { StackError } from './errors.ts';

const host = '127.0.0.1';
const blockSize = 32;
// Below every system's ephemeral range, so no client socket can land on the port of an engine that is being restarted.
const firstPort = 20_000;
const blocks = 375;

/**
 * Free loopback ports, kept for one stack. Ports come in blocks whose first port the holder listens on as a guard,
 * so two stacks starting at the same instant never draw the same port.
 */
export class PortPool {
  readonly #guards: Server[] = [];
  #next = 0;
  #end = 0;
  #claiming: Promise<void> | undefined;

  async take(): Promise<number> {
    for (;;) {
      // Who asks at the same time waits for the same block, and looks again whether it sufficed.
      while (this.#next >= this.#end) {
        this.#claiming ??= this.#claimBlock().finally(() => (this.#claiming = undefined));
        await this.#claiming;
      }
      const port = this.#next++;
      const probe = await listen(port);
      if (probe === undefined) continue;
      await close(probe);
      return port;
    }
  }

  async release(): Promise<void> {
    await Promise.all(this.#guards.splice(0).map(close));
    this.#next = this.#end = 0;
  }

  async #claimBlock(): Promise<void> {
    const offset = Math.floor(Math.random() * blocks);
    for (let i = 0; i < blocks; i++) {
      const first = firstPort + ((offset + i) % blocks) * blockSize;
      const guard = await listen(first);
      if (guard === undefined) continue;
      guard.unref();
      this.#guards.push(guard);
      this.#next = first + 1;
      this.#end = first + blockSize;
      return;
    }
    throw new StackError(
      `No free loopback port between ${firstPort} and ${firstPort + blocks * blockSize}; stop some stacks.`,
    );
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

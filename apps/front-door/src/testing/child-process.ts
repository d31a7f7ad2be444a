import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@fourway/testing';

const folder = fileURLToPath(new URL('../../', import.meta.url));

/** A Node process with a port it keeps over restarts. */
export class NodeProcess {
  readonly url: string;
  readonly #script: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  private constructor(script: string, port: number, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#script = join(folder, script);
    this.#env = { ...env, FOURWAY_HTTP_PORT: String(port) };
  }

  /** Starts a script of this app and returns when it is ready. */
  static async start(script: string, env: Readonly<Record<string, string>> = {}): Promise<NodeProcess> {
    const process = new NodeProcess(script, await freePort(), env);
    await process.start();
    return process;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, [this.#script], { env: this.#env, stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually(
      async () => {
        if ((await fetch(`${this.url}/readyz`)).status !== 200) throw new Error(`${this.#script} is not ready`);
      },
      { withinMs: 45_000 },
    );
  }

  /** Returns the exit code, null after a kill. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

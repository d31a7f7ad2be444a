import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined, sleep, SwitchError } from '@fourway/kernel';
import { fourwayServices, nodeArguments, type StackDescription } from '@fourway/stack';
import { endWithUs } from '../processes/end-with-us.ts';
import { heldBack, readyWithinMs } from './rig.ts';

/** The checkout this code belongs to. */
export const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));

/** risk-scoring's replicas as the supervisor would start them, but at the moment the bench chooses. */
export class HeldBackService {
  readonly #replicas: readonly HeldBackReplica[];

  private constructor(replicas: readonly HeldBackReplica[]) {
    this.#replicas = replicas;
  }

  static async start(stack: StackDescription, replicas = 1): Promise<HeldBackService> {
    const numbers = Array.from({ length: replicas }, (_, number) => number);
    return new HeldBackService(await Promise.all(numbers.map((number) => HeldBackReplica.start(stack, number))));
  }

  get pids(): number[] {
    return this.#replicas.map(({ pid }) => pid);
  }

  /** Resolves as soon as the first has partitions to read. @throws SwitchError `stalled` when it ends or is not ready in time */
  async ready(): Promise<void> {
    await Promise.any(this.#replicas.map((replica) => replica.ready()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
  }
}

class HeldBackReplica {
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
  }

  static async start(stack: StackDescription, number: number): Promise<HeldBackReplica> {
    const { entry } = defined(
      fourwayServices.services.find(({ name }) => name === heldBack),
      heldBack,
    );
    const port = await freePort();
    const log = openSync(join(stack.logs, `${heldBack}-bench-${number}.log`), 'a');
    const child = spawn(process.execPath, [...nodeArguments, join(repositoryRoot, entry)], {
      ...{ cwd: repositoryRoot, stdio: ['ignore', log, log] },
      env: { ...process.env, ...environmentOf(stack, { port, number }) },
    });
    endWithUs(child);
    return new HeldBackReplica(child, `http://127.0.0.1:${port}`);
  }

  get pid(): number {
    return defined(this.#child.pid, 'pid');
  }

  /** @throws SwitchError `stalled` when it ends or is not ready in time */
  async ready(): Promise<void> {
    const untilMs = performance.now() + readyWithinMs;
    while (!(await answersOk(`${this.#url}/readyz`))) {
      if (this.#child.exitCode !== null || performance.now() > untilMs)
        throw new SwitchError('stalled', `${heldBack} did not become ready; look at its log`);
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

const environmentOf = (
  { kafka, redis, roles }: StackDescription,
  { port, number }: { port: number; number: number },
): NodeJS.ProcessEnv => ({
  FOURWAY_LOG_LEVEL: 'info',
  FOURWAY_SERVICE: heldBack,
  FOURWAY_REPLICA: String(number),
  FOURWAY_HTTP_PORT: String(port),
  FOURWAY_KAFKA: kafka,
  FOURWAY_REDIS_URL: redis,
  FOURWAY_POSTGRES_URL: defined(roles['risk'], 'role risk'),
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

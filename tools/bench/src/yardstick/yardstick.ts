import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SwitchError } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import { z } from 'zod';
import { endWithUs } from '../processes/end-with-us.ts';
import { repositoryRoot } from '../rig/held-back-service.ts';

const throughputSchema = z.object({
  payments: z.number(),
  seconds: z.number(),
  paymentsPerSecond: z.number(),
  perSecondByTenth: z.array(z.number()),
  cpuMicrosPerPayment: z.record(z.string(), z.number()),
  cpuMicrosTotal: z.number(),
  postgresBytesPerPayment: z.number(),
});
export type YardstickThroughput = z.infer<typeof throughputSchema>;

const latencySchema = z.object({
  rate: z.number(),
  sent: z.number(),
  seen: z.number(),
  latencyMs: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), p999: z.number(), max: z.number() }),
});
export type YardstickLatency = z.infer<typeof latencySchema>;

/** The rival: the smallest honest payment path, a program of its own, on the engines the product ran on. */
export class Yardstick {
  readonly #path: string;
  readonly #engines: Pick<StackDescription, 'kafka' | 'postgres' | 'redis'>;

  constructor(path: string, engines: Pick<StackDescription, 'kafka' | 'postgres' | 'redis'>) {
    this.#path = path;
    this.#engines = engines;
  }

  /** @param run what its topics are named after */
  throughput(payments: number, run: string): Promise<YardstickThroughput> {
    // Its third argument is of no use to this role.
    return this.#run(throughputSchema, ['throughput', String(payments), '0', run]);
  }

  /** @param rate payments per second */
  latency(rate: number, seconds: number): Promise<YardstickLatency> {
    return this.#run(latencySchema, ['latency', String(rate), String(seconds)]);
  }

  async #run<T extends z.ZodType>(schema: T, args: readonly string[]): Promise<z.infer<T>> {
    console.log(`yardstick: ${args.join(' ')}`);
    const { kafka, postgres, redis } = this.#engines;
    const child = spawn(process.execPath, [this.#path, ...args], {
      // Its packages are found from the current folder.
      ...{ cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
      env: { ...process.env, KAFKA: kafka, PG: postgres, REDIS: new URL(redis).port },
    });
    endWithUs(child, { group: true });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    const figures = schema.safeParse(parseLastLine(out));
    if (child.exitCode !== 0 || !figures.success)
      throw new SwitchError('stalled', `the yardstick failed (exit ${child.exitCode}): ${out.slice(-500)}`);
    return figures.data;
  }
}

function parseLastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

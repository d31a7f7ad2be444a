import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StackHost } from '../host.ts';
import { givenEngine, superviseEngine, type Engine } from './engine.ts';
import { redisAnswers } from './readiness.ts';
import { findRedis } from './redis-install.ts';

/** Starts Redis with an append-only file, or uses the one at FOURWAY_REDIS_URL. */
export async function startRedis(host: StackHost): Promise<Engine> {
  const given = process.env['FOURWAY_REDIS_URL'];
  if (given !== undefined)
    return await givenEngine({ name: 'redis', address: given }, () =>
      redisAnswers(new URL(given).hostname, Number(new URL(given).port || 6379)),
    );
  const program = await findRedis(host.report);
  const port = await host.ports.take();
  const folder = join(host.folder.data, 'redis');
  mkdirSync(folder, { recursive: true });
  const supervised = superviseEngine('redis', host, {
    ...program,
    cwd: folder,
    args: flags({
      port,
      bind: '127.0.0.1',
      dir: folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'everysec',
      // A rewrite copies memory beside the load and costs a fifth of the throughput while it lasts: by default at 64 MB, at 128, at 256.
      'auto-aof-rewrite-min-size': '512mb',
      'auto-aof-rewrite-percentage': 200,
      'maxmemory-policy': 'noeviction',
      // Merchants lie in small hashes; with the default of 64 a longer name would spread one out.
      'hash-max-ziplist-value': 256,
      // Each integration test takes a database of its own.
      databases: 4096,
    }),
    stopSignal: 'SIGTERM',
    isReady: () => redisAnswers('127.0.0.1', port),
  });
  return { name: 'redis', address: `redis://127.0.0.1:${port}`, process: supervised };
}

function flags(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

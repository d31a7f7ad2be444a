import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { PortPool } from './ports.ts';

/** Whether somebody listens there. */
const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(false)));
  });

describe('PortPool', () => {
  it('never gives two stacks the same port though neither listens yet', async () => {
    const pools = [new PortPool(), new PortPool(), new PortPool()];
    const ports = await Promise.all(pools.flatMap((pool) => Array.from({ length: 40 }, () => pool.take())));
    expect(new Set(ports).size).toBe(120);
    await Promise.all(pools.map((pool) => pool.release()));
  });

  it('stays inside the blocks that it guards however many ports are asked for at once', async () => {
    const pool = new PortPool();
    const ports = await Promise.all(Array.from({ length: 200 }, () => pool.take()));
    const guards = new Set(ports.map((port) => port - (port % 32)));
    expect(await Promise.all([...guards].map(isTaken))).not.toContain(false);
    await pool.release();
  });

  it('passes over a port that is in use', async () => {
    const pool = new PortPool();
    const next = (await pool.take()) + 1;
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(next, '127.0.0.1', resolve));
    expect(await pool.take()).not.toBe(next);
    await new Promise((resolve) => stranger.close(resolve));
    await pool.release();
  });

  it('stays below the ports that systems give to clients', async () => {
    const pool = new PortPool();
    expect(await pool.take()).toBeLessThan(32_768);
    await pool.release();
  });
});

import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Database } from '@fourway/platform-postgres';
import { freshDatabase } from './fresh-database.ts';
import { freshRedis } from './fresh-redis.ts';
import { testEngines } from './test-engines.ts';

describe('engines for tests', () => {
  it('gives every caller a database of its own, and takes it away though someone is still connected', async () => {
    const [first, second] = await Promise.all([freshDatabase('Test one'), freshDatabase('Test one')]);
    const database = new Database({ url: first.url, applicationName: 'spec', maxConnections: 1 });
    const [row] = await database.query({ name: '', text: 'select current_database()', values: [] });
    expect(row?.[0]).toMatch(/^test_one_[0-9a-f]{10}$/);
    expect(first.url).not.toBe(second.url);
    await Promise.all([first.drop(), second.drop()]);
    await expect(database.query({ name: '', text: 'select 1', values: [] })).rejects.toThrow();
    await database.close();
  });

  it('gives every caller a Redis database of its own', async () => {
    const urls = await Promise.all([freshRedis(), freshRedis(), freshRedis()]);
    expect(new Set(urls).size).toBe(3);
    for (const url of urls) expect(Number(new URL(url).pathname.slice(1))).toBeGreaterThan(0);
  });

  it('reaches Kafka', async () => {
    const [host = '', port = ''] = testEngines().kafka.split(':');
    const socket = connect({ host, port: Number(port) });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.destroy();
  });
});

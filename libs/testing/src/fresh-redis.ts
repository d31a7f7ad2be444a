import { connect } from 'node:net';
import { testEngines } from './test-engines.ts';

/**
 * An empty Redis database of one test file's own, as a URL with its index. Indexes are drawn from a counter in database 0,
 * so parallel runs on the same engine get different ones.
 */
export async function freshRedis(): Promise<string> {
  const url = new URL(testEngines().redisUrl);
  const [, databases] = asArray(await command(url, ['CONFIG', 'GET', 'databases']));
  const drawn = Number(await command(url, ['INCR', 'fourway:testing:databases']));
  url.pathname = `/${1 + (drawn % (Number(databases) - 1))}`;
  await command(url, ['FLUSHDB']);
  return url.href;
}

type Reply = string | readonly string[];

function asArray(reply: Reply): readonly string[] {
  return typeof reply === 'string' ? [reply] : reply;
}

/** One command on a connection of its own; the tests' engine is used before the library that is under test. */
function command(url: URL, words: readonly string[]): Promise<Reply> {
  const index = url.pathname.slice(1) || '0';
  const auth = url.password === '' ? [] : [['AUTH', ...(url.username === '' ? [] : [url.username]), url.password]];
  const commands = [...auth, ['SELECT', index], words];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 6379) });
    let received = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error(`Redis at ${url.host} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('data', (chunk) => {
      received += chunk.toString();
      const replies = parseReplies(received);
      const failed = replies.find((reply) => typeof reply === 'string' && reply.startsWith('-'));
      const last = replies[commands.length - 1];
      if (failed === undefined && last === undefined) return;
      socket.destroy();
      if (failed === undefined && last !== undefined) resolve(last);
      else reject(new Error(`Redis at ${url.host} says ${String(failed)}`));
    });
  });
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The complete replies in what was received; enough of RESP2 for status, integer, bulk and arrays of bulk. */
function parseReplies(received: string): Reply[] {
  const lines = received.split('\r\n').slice(0, -1);
  const replies: Reply[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const size = 2 * Number(line.slice(1));
    if (line.startsWith('*')) {
      if (lines.length < at + 1 + size) break;
      replies.push(lines.slice(at + 1, at + 1 + size).filter((_, i) => i % 2 === 1));
      at += 1 + size;
    } else {
      replies.push(line.startsWith(':') ? line.slice(1) : line);
      at += 1;
    }
  }
  return replies;
}

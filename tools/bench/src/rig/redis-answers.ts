import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Asks Redis in its inline protocol and returns the lines of its answer, without those that only announce lengths. */
export async function redisLines(url: string, command: string): Promise<string[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`${command}\r\nQUIT\r\n`);
  return (await text(socket)).split('\r\n').filter((line) => !/^[*$+]/.test(line));
}

/** Bytes of everything Redis holds, its own buffers included. */
export async function redisBytes(url: string): Promise<number> {
  const line = (await redisLines(url, 'INFO memory')).find((each) => each.startsWith('used_memory:'));
  return Number(line?.slice('used_memory:'.length));
}

/** Whether Redis rewrites its append-only file or is about to: what it was loaded with goes on costing until that is done. */
export async function redisRewrites(url: string): Promise<boolean> {
  const lines = await redisLines(url, 'INFO persistence');
  return lines.some((line) => /^aof_rewrite_(in_progress|scheduled):1/.test(line));
}

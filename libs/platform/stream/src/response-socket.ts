import { connect, type Socket } from 'node:net';
import { connect as connectWithTls, type ConnectionOptions } from 'node:tls';
import type { ISocketFactoryArgs } from 'kafkajs';
import { ResponseFrames } from './response-frames.ts';

/** kafkajs declares the options of TLS as given always; without TLS it gives null. */
type ResponseSocketOptions = Omit<ISocketFactoryArgs, 'ssl'> & { readonly ssl: ConnectionOptions | null };

const readBytes = 262_144;
const keepAliveMs = 60_000;

/**
 * Connects as kafkajs does by itself, but reads what arrives into one buffer that is used again and again, and hands whole responses on.
 * Left to itself Node allocates a buffer a read and kafkajs joins them into another one: garbage outside of the heap, for which the whole
 * heap is collected. With TLS Node has no such reading, and things are as they were.
 */
export function responseSocket({ host, port, ssl, onConnect }: ResponseSocketOptions): Socket {
  const socket =
    ssl === null
      ? connect({ host, port, onread: { buffer: Buffer.allocUnsafeSlow(readBytes), callback: takeBytes } }, onConnect)
      : connectWithTls({ ...ssl, host, port }, onConnect);
  const frames = new ResponseFrames((frame) => socket.emit('data', frame));
  function takeBytes(count: number, buffer: Uint8Array): boolean {
    try {
      frames.take(buffer.subarray(0, count));
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  }
  return socket.setKeepAlive(true, keepAliveMs);
}

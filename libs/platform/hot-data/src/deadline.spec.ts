import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { answeredWithin, NotAnsweredError } from './deadline.ts';

const patience = (silenceMs: number, lastHeardMs = () => 0) => ({ silenceMs, timesWhileHeard: 4, lastHeardMs });
const never = new Promise(() => undefined);

describe('answeredWithin', () => {
  it('fails a call that is not answered', async () => {
    await expect(answeredWithin(patience(5), never)).rejects.toBeInstanceOf(NotAnsweredError);
  });

  it('waits longer for a server that answers others, but not for ever', async () => {
    const askedMs = performance.now();
    await expect(
      answeredWithin(
        patience(10, () => performance.now()),
        never,
      ),
    ).rejects.toBeInstanceOf(NotAnsweredError);
    expect(performance.now() - askedMs).toBeGreaterThanOrEqual(39);
  });

  it("passes on the call's own failure", async () => {
    await expect(answeredWithin(patience(60_000), Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('a process that was busy past the deadline: an answer that waits in the socket still counts', async () => {
    const answering = createServer((socket) => socket.on('error', () => undefined).end('answer')).listen(
      0,
      '127.0.0.1',
    );
    await once(answering, 'listening');
    const address = answering.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect({ port: address.port, host: '127.0.0.1' });
    try {
      // The answer is written by this process too: it is on its way once the server has seen the connection.
      await once(answering, 'connection');
      const answer = once(socket, 'data').then(([data]) => String(data));
      const call = answeredWithin(patience(1), answer);
      const busyUntilMs = Date.now() + 20;
      while (Date.now() < busyUntilMs);
      expect(await call).toBe('answer');
    } finally {
      socket.destroy();
      answering.close();
    }
  });
});

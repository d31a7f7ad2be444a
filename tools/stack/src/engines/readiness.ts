import { connect } from 'node:net';

const answerWithinMs = 2_000;

/** Sends bytes and resolves with the first bytes that come back; rejects when none do. */
function ask(host: string, port: number, question: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => socket.write(question));
    socket.once('data', (answer) => {
      resolve(answer);
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}

/** True once the broker answers an ApiVersions request (KIP-35): it does so only when it serves clients. */
export async function kafkaAnswers(host: string, port: number): Promise<boolean> {
  const clientId = Buffer.from('fourway-stack');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2);
  request.writeInt32BE(request.length - 4 + clientId.length, 0);
  request.writeInt16BE(18, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientId.length, 12);
  const answer = await ask(host, port, Buffer.concat([request, clientId]));
  return answer.length >= 8 && answer.readInt32BE(4) === 1;
}

/** True once Redis has loaded its data; a server that asks for a password is up as well. */
export async function redisAnswers(host: string, port: number): Promise<boolean> {
  const answer = (await ask(host, port, Buffer.from('PING\r\n'))).toString();
  return answer.startsWith('+PONG') || answer.startsWith('-NOAUTH');
}

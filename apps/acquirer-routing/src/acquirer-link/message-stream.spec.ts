import { describe, expect, it } from '@jest/globals';
import { encode, frame, heartbeatFrame, ISO87A, ISO87B } from '@fourway/iso8583';
import { MessageStream } from './message-stream.ts';

const echo = { mti: '0810', fields: { 11: '000001', 39: '00', 70: '301' } };
const framed = frame(encode(ISO87A, echo));

function stream(): { stream: MessageStream; undecodable: () => number } {
  let count = 0;
  return { stream: new MessageStream(ISO87A, () => (count += 1)), undecodable: () => count };
}

describe('MessageStream', () => {
  it('delivers what was readable before noise, and nothing behind it', () => {
    const { stream: messages, undecodable } = stream();
    expect(messages.read(Buffer.concat([framed, heartbeatFrame, Buffer.from('ffff0000', 'hex'), framed]))).toEqual([
      echo,
    ]);
    expect(messages.isLost).toBe(true);
    expect(undecodable()).toBe(1);
  });

  it('is lost where a frame holds no message type', () => {
    const { stream: messages } = stream();
    expect(messages.read(Buffer.concat([frame(Buffer.from('nonsense')), framed]))).toEqual([]);
    expect(messages.isLost).toBe(true);
  });

  it('is lost where the other side speaks another profile', () => {
    const packed = new MessageStream(ISO87B, () => undefined);
    expect(packed.read(framed)).toEqual([]);
    expect(packed.isLost).toBe(true);
  });

  it('goes on behind a message with one bad element', () => {
    const { stream: messages, undecodable } = stream();
    const bad = frame(Buffer.from('02102000000000000000letter'));
    expect(messages.read(Buffer.concat([bad, framed]))).toEqual([echo]);
    expect(messages.isLost).toBe(false);
    expect(undecodable()).toBe(1);
  });
});

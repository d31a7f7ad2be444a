import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResponseFrames } from './response-frames.ts';

const framed = (body: Uint8Array): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

describe('responses of a broker', () => {
  it('come out whole and in order however the bytes were cut', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(bodies, cuts, (sent, sizes) => {
        const expected = sent.map(framed);
        const stream = Buffer.concat(expected);
        const received: Buffer[] = [];
        const frames = new ResponseFrames((frame) => received.push(frame));
        // One buffer, as the socket has one: what is kept must have been copied.
        const shared = Buffer.alloc(97);
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const count = stream.copy(shared, 0, at, at + (sizes[turn % sizes.length] ?? 1));
          frames.take(shared.subarray(0, count));
          shared.fill(0xee);
          at += count;
        }
        expect(received.map((frame) => frame.toString('hex'))).toEqual(expected.map((frame) => frame.toString('hex')));
      }),
    );
  });

  it('with an impossible size are refused instead of waited for', () => {
    const frames = new ResponseFrames(() => undefined);
    expect(() => frames.take(Buffer.from('HTTP/1.1 400'))).toThrow('says that it has 1213486160 bytes');
    expect(() => new ResponseFrames(() => undefined).take(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow('-1 bytes');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode, encode, frame, FrameReader, FrameWriter, heartbeatFrame, ISO87A, Iso8583Error } from './index.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 });
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });

/** The stream in pieces of the given sizes, used over and over. */
function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(stream.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function readAll(reader: FrameReader, pieces: readonly Buffer[]): string[] {
  const messages: string[] = [];
  for (const piece of pieces) reader.push(piece, (message) => messages.push(message.toString('hex')));
  return messages;
}

describe('FrameReader', () => {
  it('finds the same messages however the network splits and joins them', () => {
    fc.assert(
      fc.property(payloads, cuts, (messages, sizes) => {
        const stream = Buffer.concat(messages.map((message) => frame(Buffer.from(message))));
        const reader = new FrameReader();
        expect(readAll(reader, cut(stream, sizes))).toEqual(
          messages.map((message) => Buffer.from(message).toString('hex')),
        );
        expect(reader.pendingBytes).toBe(0);
      }),
    );
  });

  it('hands a heartbeat over as an empty message', () => {
    expect(readAll(new FrameReader(), [heartbeatFrame, Buffer.from('000130', 'hex')])).toEqual(['', '30']);
  });

  it('keeps its own copy of half a message', () => {
    const reader = new FrameReader();
    const piece = Buffer.from('000231', 'hex');
    readAll(reader, [piece]);
    piece.fill(0xff);
    expect(readAll(reader, [Buffer.from('32', 'hex')])).toEqual(['3132']);
  });

  it('refuses a frame above the bound at once, after handing over what stood before it', () => {
    const reader = new FrameReader(10);
    const messages: Buffer[] = [];
    const push = (): void => reader.push(Buffer.from('000130000b', 'hex'), (message) => messages.push(message));
    expect(push).toThrow(expect.objectContaining({ code: 'frame_too_long', field: null, offset: 3 }));
    expect(messages).toHaveLength(1);
  });
});

describe('FrameWriter', () => {
  it('collects a batch of any size for one write, and skips what cannot be encoded', () => {
    const writer = new FrameWriter(ISO87A);
    const message = { mti: '0200', fields: { 4: '000000000001', 48: 'x'.repeat(999) } };
    for (let index = 0; index < 500; index += 1) writer.add(message);
    expect(() => writer.add({ mti: '0200', fields: { 4: 'x' } })).toThrow(Iso8583Error);
    writer.add(message);
    const decoded: unknown[] = [];
    new FrameReader().push(writer.take(), (bytes) => decoded.push(decode(ISO87A, bytes)));
    expect(decoded).toEqual(Array.from({ length: 501 }, () => message));
    expect(writer.length).toBe(0);
  });

  it('writes what frame and encode write', () => {
    const writer = new FrameWriter(ISO87A);
    const echo = { mti: '0800', fields: { 70: '301' } };
    writer.add(echo);
    expect(writer.take()).toEqual(frame(encode(ISO87A, echo)));
  });
});

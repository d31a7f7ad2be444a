import { readPresence } from './bitmap.ts';
import { unknownField } from './encode.ts';
import { Iso8583Error } from './iso8583-error.ts';
import { parseMti } from './mti.ts';
import type { Cursor } from './field-codec.ts';
import type { Iso8583Message } from './iso8583-message.ts';
import type { Iso8583Profile } from './profile.ts';

const secondBitmapFlag = 0x8000_0000 | 0;

/**
 * One message from its bytes, without a frame. Every byte must belong to it.
 * @throws Iso8583Error and nothing else, whatever the bytes are
 */
export function decode(profile: Iso8583Profile, bytes: Buffer): Iso8583Message {
  const cursor: Cursor = {
    bytes,
    latin1: bytes.toString('latin1'),
    hex: profile.packed ? bytes.toString('hex') : '',
    position: profile.packed ? 2 : 4,
  };
  const mti = (profile.packed ? cursor.hex : cursor.latin1).substring(0, 4);
  parseMti(mti);
  const fields: Record<number, string> = {};
  const presence = readBitmaps(profile, cursor);
  for (let word = 0; word < presence.length; word += 1)
    readElements(profile, cursor, { fields, word, bits: presence[word] ?? 0 });
  if (cursor.position !== bytes.length) {
    const rule = `${bytes.length - cursor.position} bytes stand behind the last element`;
    throw new Iso8583Error('trailing_bytes', { field: null, offset: cursor.position }, rule);
  }
  return { mti, fields };
}

function readBitmaps(profile: Iso8583Profile, cursor: Cursor): number[] {
  const presence: number[] = [];
  let words = 2;
  for (let word = 0; word < words; word += 1) {
    const bits = readPresence(cursor.bytes, profile.packed, cursor.position);
    cursor.position += profile.packed ? 4 : 8;
    presence.push(word === 0 ? bits & ~secondBitmapFlag : bits);
    if (word === 0 && (bits & secondBitmapFlag) !== 0) words = 4;
  }
  return presence;
}

interface WordOfElements {
  readonly fields: Record<number, string>;
  readonly word: number;
  readonly bits: number;
}

function readElements(profile: Iso8583Profile, cursor: Cursor, into: WordOfElements): void {
  let { bits } = into;
  while (bits !== 0) {
    const bit = Math.clz32(bits);
    bits &= ~(0x8000_0000 >>> bit);
    const field = 32 * into.word + bit + 1;
    const codec = profile.codecs[field];
    if (codec === undefined) throw unknownField(field, cursor.position);
    into.fields[field] = codec.read(cursor);
  }
}

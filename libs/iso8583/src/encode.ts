import { writePresence } from './bitmap.ts';
import { Iso8583Error } from './iso8583-error.ts';
import { parseMti } from './mti.ts';
import type { Iso8583Fields, Iso8583Message } from './iso8583-message.ts';
import type { Iso8583Profile } from './profile.ts';

/** No message of either profile is longer: the sum of all elements at their longest is below this. */
export const maxMessageBytes = 40_960;

// One message at a time is written here and copied out: its length is only known at the end.
const scratch = Buffer.allocUnsafeSlow(maxMessageBytes);
const presence = new Int32Array(4);

/**
 * One message as bytes, without a frame.
 * @throws Iso8583Error for an unknown type or element, a wrong length, or a character outside the element's class
 */
export function encode(profile: Iso8583Profile, message: Iso8583Message): Buffer {
  return Buffer.from(scratch.subarray(0, encodeInto(profile, message, { target: scratch, offset: 0 })));
}

/**
 * Writes one message into a buffer with at least {@link maxMessageBytes} of room behind `offset` and returns the
 * offset behind it. It throws what {@link encode} throws; the target then holds a torso to be overwritten.
 */
export function encodeInto(
  profile: Iso8583Profile,
  message: Iso8583Message,
  place: { target: Buffer; offset: number },
): number {
  const { target, offset } = place;
  parseMti(message.mti);
  const bitmapAt = offset + target.write(message.mti, offset, profile.packed ? 'hex' : 'latin1');
  const words = takePresence(message.fields);
  let at = bitmapAt;
  for (let word = 0; word < words; word += 1)
    at = writePresence(presence[word] ?? 0, profile.packed, { target, offset: at });
  for (let word = 0; word < words; word += 1) at = writeElements(profile, message.fields, { target, offset: at, word });
  return at;
}

/** Notes which elements there are and returns how many words of the bitmap the message needs. */
function takePresence(fields: Iso8583Fields): 2 | 4 {
  presence.fill(0);
  let highest = 0;
  for (const key in fields) {
    const field = Number(key);
    if (fields[field] === undefined) continue;
    if (!(field >= 2 && field <= 128)) throw unknownField(field, 0);
    setBit(field);
    // Integer keys come in ascending order.
    highest = field;
  }
  if (highest <= 64) return 2;
  setBit(1);
  return 4;
}

function setBit(field: number): void {
  const word = (field - 1) >>> 5;
  presence[word] = (presence[word] ?? 0) | (0x8000_0000 >>> ((field - 1) & 31));
}

interface WordPlace {
  readonly target: Buffer;
  readonly offset: number;
  readonly word: number;
}

function writeElements(profile: Iso8583Profile, fields: Iso8583Fields, place: WordPlace): number {
  let at = place.offset;
  let bits = presence[place.word] ?? 0;
  while (bits !== 0) {
    const bit = Math.clz32(bits);
    bits &= ~(0x8000_0000 >>> bit);
    const field = 32 * place.word + bit + 1;
    if (field === 1) continue;
    const codec = profile.codecs[field];
    if (codec === undefined) throw unknownField(field, at);
    at = codec.write(fields[field] ?? '', place.target, at);
  }
  return at;
}

export function unknownField(field: number, offset: number): Iso8583Error {
  return new Iso8583Error('field_unknown', { field, offset }, 'is not an element of ISO 8583:1987');
}

import { Iso8583Error } from './iso8583-error.ts';

const hexDigits = Buffer.from('0123456789ABCDEF', 'latin1');
const hexValues = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
);

/** Which of 32 consecutive elements a message has; the lowest element is the highest bit. */
export type PresenceWord = number;

/** Writes the presence of 32 elements and returns the offset behind it: 4 raw bytes, or 8 hex digits. */
export function writePresence(word: PresenceWord, packed: boolean, place: { target: Buffer; offset: number }): number {
  if (packed) return place.target.writeUInt32BE(word >>> 0, place.offset);
  for (let digit = 0; digit < 8; digit += 1) {
    place.target[place.offset + digit] = hexDigits[(word >>> (28 - 4 * digit)) & 0xf] ?? 0;
  }
  return place.offset + 8;
}

/** Reads what {@link writePresence} wrote; hex digits of either case are taken. */
export function readPresence(bytes: Buffer, packed: boolean, offset: number): PresenceWord {
  const end = offset + (packed ? 4 : 8);
  if (end > bytes.length) throw new Iso8583Error('message_truncated', { field: 1, offset }, 'the bitmap is cut off');
  if (packed) return bytes.readInt32BE(offset);
  let word = 0;
  for (let index = offset; index < end; index += 1) {
    const digit = hexValues[bytes[index] ?? 0] ?? -1;
    if (digit < 0) throw new Iso8583Error('bitmap_invalid', { field: 1, offset: index }, 'must be hex digits');
    word = (word << 4) | digit;
  }
  return word;
}

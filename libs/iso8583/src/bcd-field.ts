import { advance, checkLength, readText, writeText, wrongCharacter, wrongPrefix } from './field-codec.ts';
import { Iso8583Error } from './iso8583-error.ts';
import { nibblesOf, type Nibbles } from './nibbles.ts';
import type { Cursor, FieldCodec } from './field-codec.ts';
import type { FieldSpec } from './field-spec.ts';

/** Where the filling zero of an odd number of digits goes. */
export type PaddingSide = 'left' | 'right';

/** One data element of a packed profile: digits and hex two to a byte, text as ASCII, its length prefix packed too. */
export function compileBcdField(spec: FieldSpec, side: PaddingSide): FieldCodec {
  const nibbles = nibblesOf[spec.characters];
  const body = nibbles === undefined ? textBody(spec) : packedBody(spec, nibbles, side);
  return {
    field: spec.field,
    write(value, target, offset) {
      checkLength(spec, value.length, offset);
      return body.write(value, target, writePrefix(spec, value.length, { target, offset }));
    },
    read: (cursor) => body.read(readLength(spec, cursor), cursor),
  };
}

interface Body {
  write(value: string, target: Buffer, offset: number): number;
  read(length: number, cursor: Cursor): string;
}

const textBody = (spec: FieldSpec): Body => ({
  write: (value, target, offset) => writeText(spec, value, { target, offset }),
  read: (length, cursor) => readText(spec, length, cursor),
});

// Loops over a few characters: a call out of JavaScript for each element costs several times as much.
function packedBody(spec: FieldSpec, { ofCharacter, ofByte, isDigits }: Nibbles, side: PaddingSide): Body {
  return {
    write(value, target, offset) {
      const { length } = value;
      const packed = isDigits ? value : packedText(spec, value);
      const isOdd = length % 2 === 1;
      // A filling zero in front stands for the character before the first.
      let index = isOdd && side === 'left' ? -1 : 0;
      let at = offset;
      for (; index < length; index += 2) {
        const high = index < 0 ? 0 : (ofCharacter[packed.charCodeAt(index)] ?? -1);
        const low = index + 1 === length ? 0 : (ofCharacter[packed.charCodeAt(index + 1)] ?? -1);
        // Negative where one of them is.
        const byte = (high << 4) | low;
        if (byte < 0) throw wrongCharacter(spec, offset);
        target[at] = byte;
        at += 1;
      }
      return at;
    },
    read(length, cursor) {
      const start = cursor.position;
      const end = advance(cursor, (length + 1) >> 1, spec.field);
      for (let index = start; index < end; index += 1)
        if (ofByte[cursor.bytes[index] ?? 0] !== 1) throw wrongCharacter(spec, start);
      const digits = unpad(spec, cursor.hex.substring(2 * start, 2 * end), { length, side, offset: start });
      return isDigits ? digits : textOf(spec, digits);
    },
  };
}

// Track 2's separator is written as '=' by people and is the nibble D in the packed form.
const packedText = (spec: FieldSpec, value: string): string =>
  spec.characters === 'z' ? value.replace('=', 'D') : value;

const textOf = (spec: FieldSpec, hex: string): string =>
  spec.characters === 'z' ? hex.toUpperCase().replace('D', '=') : hex.toUpperCase();

function unpad(spec: FieldSpec, hex: string, of: { length: number; side: PaddingSide; offset: number }): string {
  if (hex.length === of.length) return hex;
  const padding = of.side === 'left' ? hex.at(0) : hex.at(-1);
  if (padding !== '0') {
    throw new Iso8583Error(
      'field_padding',
      { field: spec.field, offset: of.offset },
      `must be filled with a zero on the ${of.side}`,
    );
  }
  return of.side === 'left' ? hex.substring(1) : hex.substring(0, of.length);
}

const prefixBytes = ({ prefixDigits }: FieldSpec): number => (prefixDigits + 1) >> 1;

function writePrefix(spec: FieldSpec, length: number, place: { target: Buffer; offset: number }): number {
  const end = place.offset + prefixBytes(spec);
  let rest = length;
  for (let index = end - 1; index >= place.offset; index -= 1) {
    place.target[index] = (Math.trunc((rest % 100) / 10) << 4) | (rest % 10);
    rest = Math.trunc(rest / 100);
  }
  return end;
}

function readLength(spec: FieldSpec, cursor: Cursor): number {
  if (spec.prefixDigits === 0) return spec.length;
  const start = cursor.position;
  const end = advance(cursor, prefixBytes(spec), spec.field);
  let length = 0;
  for (let index = start; index < end; index += 1) {
    const byte = cursor.bytes[index] ?? 0;
    if (byte >> 4 > 9 || (byte & 0xf) > 9) throw wrongPrefix(spec, start);
    length = length * 100 + (byte >> 4) * 10 + (byte & 0xf);
  }
  if (length > spec.length) throw wrongPrefix(spec, start);
  return length;
}

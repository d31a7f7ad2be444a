import { advance, checkLength, readText, writeText, wrongCharacter, wrongPrefix } from './field-codec.ts';
import { Iso8583Error } from './iso8583-error.ts';
import type { Cursor, FieldCodec } from './field-codec.ts';
import type { FieldSpec } from './field-spec.ts';

/** Where the filling zero of an odd number of digits goes. */
export type PaddingSide = 'left' | 'right';

/** By class that is packed, the hex digits its nibbles may be; the other classes are written as text. */
const packedDigits: Partial<Record<FieldSpec['characters'], RegExp>> = {
  n: /^[0-9]*$/,
  z: /^[0-9D]*$/,
  b: /^[0-9A-F]*$/,
};

/** One data element of a packed profile: digits and hex two to a byte, text as ASCII, its length prefix packed too. */
export function compileBcdField(spec: FieldSpec, side: PaddingSide): FieldCodec {
  const digits = packedDigits[spec.characters];
  const body = digits === undefined ? textBody(spec) : packedBody(spec, digits, side);
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

function packedBody(spec: FieldSpec, digits: RegExp, side: PaddingSide): Body {
  // Track 2's separator is the nibble D; written as '=' by people and as 'D' by the packed form.
  const toHex = (value: string): string => (spec.characters === 'z' ? value.replace('=', 'D') : value);
  const fromHex = (hex: string): string => (spec.characters === 'z' ? hex.replace('D', '=') : hex);
  return {
    write(value, target, offset) {
      const hex = toHex(value);
      if (!digits.test(hex)) throw wrongCharacter(spec, offset);
      return offset + target.write(pad(hex, side), offset, 'hex');
    },
    read(length, cursor) {
      const start = cursor.position;
      const end = advance(cursor, Math.ceil(length / 2), spec.field);
      const hex = unpad(spec, cursor.hex.substring(2 * start, 2 * end), { length, side, offset: start });
      if (!digits.test(hex)) throw wrongCharacter(spec, start);
      return fromHex(hex);
    },
  };
}

function pad(hex: string, side: PaddingSide): string {
  if (hex.length % 2 === 0) return hex;
  return side === 'left' ? `0${hex}` : `${hex}0`;
}

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

function writePrefix(spec: FieldSpec, length: number, place: { target: Buffer; offset: number }): number {
  if (spec.prefixDigits === 0) return place.offset;
  const prefix = pad(String(length).padStart(spec.prefixDigits, '0'), 'left');
  return place.offset + place.target.write(prefix, place.offset, 'hex');
}

function readLength(spec: FieldSpec, cursor: Cursor): number {
  if (spec.prefixDigits === 0) return spec.length;
  const start = cursor.position;
  const end = advance(cursor, Math.ceil(spec.prefixDigits / 2), spec.field);
  const prefix = cursor.hex.substring(2 * start, 2 * end);
  const length = /^[0-9]+$/.test(prefix) ? Number(prefix) : Infinity;
  if (length > spec.length) throw wrongPrefix(spec, start);
  return length;
}

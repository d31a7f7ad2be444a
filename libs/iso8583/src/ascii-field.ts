import { advance, checkLength, readText, writeText, wrongPrefix } from './field-codec.ts';
import type { Cursor, FieldCodec } from './field-codec.ts';
import type { FieldSpec } from './field-spec.ts';

/** One data element of a text profile: a decimal length prefix, then the characters. */
export function compileAsciiField(spec: FieldSpec): FieldCodec {
  const { field, prefixDigits } = spec;
  return {
    field,
    write(value, target, offset) {
      checkLength(spec, value.length, offset);
      const start = writeDigits(value.length, prefixDigits, { target, offset });
      return writeText(spec, value, { target, offset: start });
    },
    read: (cursor) => readText(spec, prefixDigits === 0 ? spec.length : readPrefix(spec, cursor), cursor),
  };
}

function writeDigits(value: number, digits: number, place: { target: Buffer; offset: number }): number {
  let rest = value;
  for (let index = place.offset + digits - 1; index >= place.offset; index -= 1) {
    place.target[index] = 0x30 + (rest % 10);
    rest = Math.trunc(rest / 10);
  }
  return place.offset + digits;
}

function readPrefix(spec: FieldSpec, cursor: Cursor): number {
  const start = cursor.position;
  const end = advance(cursor, spec.prefixDigits, spec.field);
  let length = 0;
  for (let index = start; index < end; index += 1) {
    const digit = (cursor.bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw wrongPrefix(spec, start);
    length = length * 10 + digit;
  }
  if (length > spec.length) throw wrongPrefix(spec, start);
  return length;
}

import { allowedCharacters } from './character-class.ts';
import { Iso8583Error } from './iso8583-error.ts';
import type { FieldSpec } from './field-spec.ts';

/** Where a decoder stands in one message. Both texts are made once a message: one call beats one call a field. */
export interface Cursor {
  readonly bytes: Buffer;
  /** The bytes as one character each. */
  readonly latin1: string;
  /** The bytes as two lower-case hex digits each; empty where the profile packs nothing. */
  readonly hex: string;
  position: number;
}

/** How one data element is written and read in one profile; compiled once from its specification. */
export interface FieldCodec {
  readonly field: number;
  /** Writes the value at `offset` and returns the offset behind it; the caller has made room. */
  write(value: string, target: Buffer, offset: number): number;
  /** Reads the value at the cursor and moves the cursor behind it. */
  read(cursor: Cursor): string;
}

/** Moves the cursor over `count` bytes of a field and returns where they end. */
export function advance(cursor: Cursor, count: number, field: number): number {
  const end = cursor.position + count;
  if (end > cursor.bytes.length) {
    const rule = `needs ${count} more bytes, has ${cursor.bytes.length - cursor.position}`;
    throw new Iso8583Error('message_truncated', { field, offset: cursor.position }, rule);
  }
  cursor.position = end;
  return end;
}

export function checkLength(spec: FieldSpec, length: number, offset: number): void {
  if (spec.prefixDigits === 0 ? length === spec.length : length <= spec.length) return;
  const rule = `must have ${spec.prefixDigits === 0 ? 'exactly' : 'at most'} ${spec.length} characters, has ${length}`;
  throw new Iso8583Error('field_length', { field: spec.field, offset }, rule);
}

/** Writes characters as they are, testing each. */
export function writeText(spec: FieldSpec, value: string, place: { target: Buffer; offset: number }): number {
  const allowed = allowedCharacters[spec.characters];
  const { target, offset } = place;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (allowed[code] !== 1) throw wrongCharacter(spec, offset + index);
    target[offset + index] = code;
  }
  return offset + value.length;
}

/** Reads `length` characters as they are, testing each. */
export function readText(spec: FieldSpec, length: number, cursor: Cursor): string {
  const allowed = allowedCharacters[spec.characters];
  const start = cursor.position;
  const end = advance(cursor, length, spec.field);
  for (let index = start; index < end; index += 1) {
    if (allowed[cursor.bytes[index] ?? 0] !== 1) throw wrongCharacter(spec, index);
  }
  return cursor.latin1.substring(start, end);
}

export function wrongCharacter(spec: FieldSpec, offset: number): Iso8583Error {
  const rule = `allows only characters of class ${spec.characters}`;
  return new Iso8583Error('field_character', { field: spec.field, offset }, rule);
}

export function wrongPrefix(spec: FieldSpec, offset: number): Iso8583Error {
  const rule = `the length prefix must be ${spec.prefixDigits} digits and at most ${spec.length}`;
  return new Iso8583Error('length_prefix_invalid', { field: spec.field, offset }, rule);
}

import { compileAsciiField } from './ascii-field.ts';
import { compileBcdField } from './bcd-field.ts';
import { iso87Elements } from './field-spec.ts';
import type { FieldSpec } from './field-spec.ts';
import type { FieldCodec } from './field-codec.ts';

/** The encodings a link can speak, as configuration names them. */
export const isoProfileNames = ['iso87a', 'iso87b'] as const;
export type IsoProfileName = (typeof isoProfileNames)[number];

/** An encoding of ISO 8583:1987, its field codecs compiled. */
export interface Iso8583Profile {
  readonly name: string;
  /** True where digits are packed two to a byte and bitmaps are raw bytes. */
  readonly packed: boolean;
  /** By data element number. */
  readonly codecs: readonly (FieldCodec | undefined)[];
}

const compile = (codec: (spec: FieldSpec) => FieldCodec): readonly (FieldCodec | undefined)[] =>
  Array.from({ length: 129 }, (_, field) => {
    const spec = iso87Elements.get(field);
    return spec === undefined ? undefined : codec(spec);
  });

/** All text: digits, bitmaps and lengths as ASCII characters. */
export const ISO87A: Iso8583Profile = { name: 'ISO87A', packed: false, codecs: compile(compileAsciiField) };

/**
 * A packed (BCD) profile. An odd number of digits is filled up with a zero: on the left, except in the elements named
 * here, which are filled on the right.
 */
export function bcdProfile(name: string, paddedRight: readonly number[]): Iso8583Profile {
  const codecs = compile((spec) => compileBcdField(spec, paddedRight.includes(spec.field) ? 'right' : 'left'));
  return { name, packed: true, codecs };
}

/** Packed, with the padding of the ISO87B profile in wide use: variable-length digits filled on the right. */
export const ISO87B: Iso8583Profile = bcdProfile('ISO87B', [2, 32, 33, 34, 35, 36, 99, 100]);

/** The profile that configuration means by this name. */
export const isoProfiles: Readonly<Record<IsoProfileName, Iso8583Profile>> = { iso87a: ISO87A, iso87b: ISO87B };

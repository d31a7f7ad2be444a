import type { CharacterClass } from './character-class.ts';

/** How a class of characters is packed two to a byte. */
export interface Nibbles {
  /** The nibble of each character code, -1 where the class does not allow it. */
  readonly ofCharacter: Int8Array;
  /** 1 where both nibbles of a byte are allowed. */
  readonly ofByte: Uint8Array;
  /** True where no nibble is a letter. */
  readonly isDigits: boolean;
}

function nibbles(characters: string): Nibbles {
  const ofCharacter = new Int8Array(256).fill(-1);
  for (const character of characters) ofCharacter[character.charCodeAt(0)] = Number.parseInt(character, 16);
  const allowed = new Set(ofCharacter);
  const ofByte = Uint8Array.from({ length: 256 }, (_, byte) =>
    allowed.has(byte >> 4) && allowed.has(byte & 0xf) ? 1 : 0,
  );
  return { ofCharacter, ofByte, isDigits: characters === digits };
}

const digits = '0123456789';

/** By class that is packed; the other classes are written as text. */
export const nibblesOf: Partial<Readonly<Record<CharacterClass, Nibbles>>> = {
  n: nibbles(digits),
  z: nibbles(`${digits}D`),
  b: nibbles(`${digits}ABCDEF`),
};

/**
 * What a data element may hold, in the standard's own letters: `n` digits, `x+n` a C or D and digits (a signed
 * amount), `an` letters and digits, `ans` printable ASCII, `z` track 2, `b` binary (written as hex).
 */
export type CharacterClass = 'n' | 'x+n' | 'an' | 'ans' | 'z' | 'b';

const matching = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));

/** Per class, 1 at each allowed character code: one look-up a byte, since every byte of every message is tested. */
export const allowedCharacters: Readonly<Record<CharacterClass, Uint8Array>> = {
  n: matching(/[0-9]/),
  'x+n': matching(/[0-9CD]/),
  an: matching(/[0-9A-Za-z ]/),
  ans: matching(/[\x20-\x7e]/),
  z: matching(/[0-9=D]/),
  b: matching(/[0-9A-F]/),
};

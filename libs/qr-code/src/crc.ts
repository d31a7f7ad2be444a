const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

const utf8 = new TextEncoder();
const next = (crc: number, byte: number): number => ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);

/** CRC-16/CCITT-FALSE (polynomial 1021, first value FFFF) over the text's UTF-8 bytes: 0 to 65535. */
export function crcNumberOf(text: string): number {
  let crc = 0xffff;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Nearly all texts are ASCII, whose bytes need no encoder.
    if (code > 0x7f) return utf8.encode(text.slice(at)).reduce(next, crc);
    crc = next(crc, code);
  }
  return crc;
}

/** The same as four hex digits in capitals. */
export const crcOf = (text: string): string => crcNumberOf(text).toString(16).toUpperCase().padStart(4, '0');

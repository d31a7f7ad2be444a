const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

const utf8 = new TextEncoder();

/** CRC-16/CCITT-FALSE (polynomial 1021, first value FFFF) over the text's UTF-8 bytes, as four hex digits in capitals. */
export function crcOf(text: string): string {
  let crc = 0xffff;
  for (const byte of utf8.encode(text)) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

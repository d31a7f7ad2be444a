import { crcOf } from './crc.ts';
import { decodeMpm, type MpmCode } from './decode-mpm.ts';
import { writeFields } from './tlv.ts';

/**
 * Writes a merchant-presented code in the order of its fields, with its checksum. It can be decoded, or is refused here.
 * @throws QrCodeError
 */
export function encodeMpm({ fields }: MpmCode): string {
  const unsigned = `${writeFields(fields)}6304`;
  const payload = unsigned + crcOf(unsigned);
  decodeMpm(payload);
  return payload;
}

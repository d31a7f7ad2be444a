export const iso8583ErrorCodes = [
  'mti_invalid',
  'bitmap_invalid',
  'field_unknown',
  'field_length',
  'field_character',
  'field_padding',
  'length_prefix_invalid',
  'message_truncated',
  'trailing_bytes',
  'frame_too_long',
] as const;

export type Iso8583ErrorCode = (typeof iso8583ErrorCodes)[number];

/**
 * The only error this library throws. It names the field, the rule and the place, and never the value:
 * field 2 and 35 carry card data.
 */
export class Iso8583Error extends Error {
  readonly code: Iso8583ErrorCode;
  /** Data element number; 0 is the message type, 1 the bitmap, null the frame. */
  readonly field: number | null;
  /** Byte offset from the start of the message where the rule was broken. */
  readonly offset: number;

  constructor(code: Iso8583ErrorCode, place: { field: number | null; offset: number }, rule: string) {
    super(`${nameOf(place.field)} at byte ${place.offset}: ${rule} (${code})`);
    this.name = 'Iso8583Error';
    this.code = code;
    this.field = place.field;
    this.offset = place.offset;
  }
}

function nameOf(field: number | null): string {
  if (field === null) return 'frame';
  if (field === 0) return 'MTI';
  return field === 1 ? 'bitmap' : `DE${field}`;
}

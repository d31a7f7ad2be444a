import { Iso8583Error } from './iso8583-error.ts';

/** What DE90 says about the message that is to be undone. */
export interface OriginalDataElements {
  /** Message type of the original. */
  readonly mti: string;
  /** DE11 of the original, 6 digits. */
  readonly stan: string;
  /** DE7 of the original, MMDDhhmmss. */
  readonly transmissionDateTime: string;
  /** DE32 of the original, up to 11 digits; leading zeros are not kept. */
  readonly acquirerId: string;
  /** DE33 of the original, up to 11 digits; empty where there was none. */
  readonly forwarderId: string;
}

const de90Pattern = /^(\d{4})(\d{6})(\d{10})(\d{11})(\d{11})$/;

const broken = (rule: string): Iso8583Error => new Iso8583Error('field_length', { field: 90, offset: 0 }, rule);

/**
 * DE90: type 4, STAN 6, date and time 10, acquirer 11, forwarder 11; identifications are filled up with zeros on the left.
 * @throws Iso8583Error `field_length` when a part does not fit
 */
export function buildOriginalDataElements(original: OriginalDataElements): string {
  const { mti, stan, transmissionDateTime, acquirerId, forwarderId } = original;
  const text = `${mti}${stan}${transmissionDateTime}${acquirerId.padStart(11, '0')}${forwarderId.padStart(11, '0')}`;
  if (!de90Pattern.test(text)) throw broken('parts must be 4, 6, 10, up to 11 and up to 11 digits');
  return text;
}

/**
 * Takes DE90 apart.
 * @throws Iso8583Error `field_length` when it is not 42 digits
 */
export function parseOriginalDataElements(text: string): OriginalDataElements {
  const [, mti, stan, transmissionDateTime, acquirer, forwarder] = de90Pattern.exec(text) ?? [];
  if (mti === undefined || stan === undefined || transmissionDateTime === undefined) throw broken('must be 42 digits');
  const stripped = (id = ''): string => id.replace(/^0+/, '');
  return { mti, stan, transmissionDateTime, acquirerId: stripped(acquirer), forwarderId: stripped(forwarder) };
}

/** Data elements by number, 2 to 128. Text as in the standard; binary elements (52, 64, 128) as upper-case hex. */
export interface Iso8583Fields {
  readonly [field: number]: string | undefined;
}

/** One ISO 8583:1987 message, whatever its encoding on the wire. */
export interface Iso8583Message {
  /** Message type indicator, four digits, for example `0200`. */
  readonly mti: string;
  readonly fields: Iso8583Fields;
}

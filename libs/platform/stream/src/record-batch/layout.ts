/** Where the fields of a record batch v2 are (Apache Kafka protocol guide, "Record Batch"). */
export const batchLayout = {
  baseOffset: 0,
  /** Counts the bytes behind itself. */
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  /** CRC-32C of all bytes behind it. */
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

/** The base offset and the length: what the length does not count. */
export const beforeLengthBytes = 12;
export const magicNumber = 2;

export const attributeBits = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;

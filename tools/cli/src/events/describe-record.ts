import {
  decodeClosedCycle,
  decodeDirectoryChange,
  decodeOperationRequested,
  decodeOperationScored,
  decodeOutcomeRecord,
  decodeRefusal,
  topics,
} from '@fourway/contracts';
import type { StreamRecord } from '@fourway/platform-stream';
import { toJson } from '../print/json-report.ts';

const decoders: Readonly<Record<string, (bytes: Uint8Array) => object | null>> = {
  [topics.requested.name]: decodeOperationRequested,
  [topics.scored.name]: decodeOperationScored,
  [topics.outcomes.name]: decodeOutcomeRecord,
  [topics.refused.name]: decodeRefusal,
  [topics.directory.name]: decodeDirectoryChange,
  [topics.cycles.name]: decodeClosedCycle,
};

/** A record as one line of JSON for people: decoded, its card token down to the last four digits. */
export function describeRecord({ topic, partition, offset, timestampMs, key, value, headers }: StreamRecord): string {
  return toJson({
    ...{
      topic,
      partition,
      offset: String(offset),
      time: new Date(timestampMs).toISOString(),
      key: key?.toString() ?? null,
    },
    ...(Object.keys(headers).length === 0
      ? {}
      : { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.toString()])) }),
    value: value === null ? null : maskTokens(decodedOrSize(topic, value)),
  });
}

/** What decodes the values of a topic; a dead-letter topic holds the bytes of the topic it belongs to, which may be anything. */
function decodedOrSize(topic: string, value: Buffer): object | null {
  const decode = decoders[topic.replace(/\.dlq$/, '')];
  try {
    return decode?.(value) ?? { bytes: value.length };
  } catch (error) {
    return { bytes: value.length, error: error instanceof Error ? error.message : String(error) };
  }
}

function maskTokens(value: object | null): object | null {
  if (value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => {
      if (name === 'cardToken' && typeof field === 'string') return [name, maskToken(field)];
      return [name, typeof field === 'object' && field !== null && !Array.isArray(field) ? maskTokens(field) : field];
    }),
  );
}

/** `************1234`. */
export const maskToken = (token: string): string => '*'.repeat(Math.max(0, token.length - 4)) + token.slice(-4);

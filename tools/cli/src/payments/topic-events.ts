import {
  decodeOperationRequested,
  decodeOperationScored,
  decodeOutcome,
  decodeRefusal,
  topics,
} from '@fourway/contracts';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';
import { maskToken } from '../events/describe-record.ts';
import type { StoryEvent } from './story-event.ts';

/** The records of all topics about an operation, and about those on it where it is the root of a payment. */
export async function topicEvents(operationId: string, brokers: readonly string[]): Promise<StoryEvent[]> {
  const events: StoryEvent[] = [];
  const id = Buffer.from(operationId);
  const read = (topic: string, tell: Telling['tell']): Promise<number> =>
    readTopic({
      ...{ brokers, clientId: 'fourway-cli', topic },
      onRecords: (records) => {
        // The id is in the bytes of every record about it: the others need no decoding.
        for (const record of records.filter(({ value }) => value?.includes(id)))
          events.push(...eventOf(record, { operationId, tell }));
      },
    });
  await Promise.all([
    read(topics.requested.name, (value) => {
      const request = decodeOperationRequested(value);
      const { amountMinor, currency, merchantId, cardToken, eventId } = request;
      const what = `${request.kind} ${amountMinor} ${currency} at ${merchantId}, card ${maskToken(cardToken)}, event ${eventId}`;
      return { operationId: request.operationId, rootId: request.rootId, what };
    }),
    read(topics.scored.name, (value) => {
      const { operation, verdict, score, reasons, degraded } = decodeOperationScored(value);
      const why = [...reasons, ...(degraded ? ['degraded'] : [])].join(', ');
      return {
        ...{ operationId: operation.operationId, rootId: operation.rootId },
        what: `risk ${verdict}, score ${score}${why === '' ? '' : `: ${why}`}`,
      };
    }),
    read(topics.outcomes.name, (value) => {
      const outcome = decodeOutcome(value);
      if (outcome === null) return null;
      const { operationId: id, rootId, kind, sequence, status, responseCode, acquirerId, rrn, authCode } = outcome;
      return {
        ...{ operationId: id, rootId },
        what: `no. ${sequence}, ${kind} ${status} ${responseCode}${acquirerId === '' ? '' : ` by ${acquirerId}, RRN ${rrn} ${authCode}`}`,
      };
    }),
    read(topics.refused.name, (value) => {
      const { operationId: id, code, field, rule, eventId } = decodeRefusal(value);
      return { operationId: id, rootId: id, what: `refused ${code} (${field}: ${rule}), event ${eventId}` };
    }),
  ]);
  return events;
}

interface Telling {
  readonly operationId: string;
  /** What a record says about which operation; null where it is about none. */
  readonly tell: (
    value: Buffer,
  ) => { readonly operationId: string; readonly rootId: string; readonly what: string } | null;
}

function eventOf(
  { topic, partition, offset, timestampMs, value }: StreamRecord,
  { operationId, tell }: Telling,
): StoryEvent[] {
  const told = value === null ? null : toldOrNothing(value, tell);
  if (told === null || (told.operationId !== operationId && told.rootId !== operationId)) return [];
  const what = told.operationId === operationId ? told.what : `${told.operationId}: ${told.what}`;
  return [{ atMs: timestampMs, isTimed: true, source: `${topic} ${partition}/${offset}`, what }];
}

function toldOrNothing(value: Buffer, tell: Telling['tell']): ReturnType<Telling['tell']> {
  try {
    return tell(value);
  } catch {
    return null;
  }
}

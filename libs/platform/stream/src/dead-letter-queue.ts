import { deadLetterTopicOf, parseDeadLetter, type DeadLetter } from './dead-letter.ts';
import { EventProducer } from './event-producer.ts';
import type { KafkaConnection } from './kafka-client.ts';
import { readTopic } from './read-topic.ts';

export interface DeadLettersRequest extends KafkaConnection {
  /** The topic the records came from, not its dead letter topic. */
  readonly topic: string;
}

export interface ReplayRequest extends DeadLettersRequest {
  /** Which entries, by their ids. Default: all. */
  readonly ids?: readonly string[];
}

const replayedFrom = 'replayed-from';

/** The entries of `topic` that were not replayed yet, oldest first. */
export const listDeadLetters = async ({ topic, ...connection }: DeadLettersRequest): Promise<DeadLetter[]> => {
  const live = new Map<string, DeadLetter>();
  await readTopic({
    ...connection,
    topic: deadLetterTopicOf(topic),
    onRecords: (entries) => {
      for (const entry of entries) {
        const letter = entry.value === null ? undefined : parseDeadLetter(entry);
        if (letter !== undefined) live.set(letter.id, letter);
        else if (entry.key !== null) live.delete(entry.key.toString());
      }
    },
  });
  return [...live.values()].toSorted((a, b) => a.failedAtMs - b.failedAtMs);
};

/**
 * Sends the original bytes to the original partition again, marked with a `replayed-from` header, and removes the entries once
 * that is acknowledged. After a crash in between, the next replay sends a record twice: consumers are idempotent.
 * Returns what was replayed; ids without an entry are simply not among it.
 */
export const replayDeadLetters = async ({ topic, ids, ...connection }: ReplayRequest): Promise<DeadLetter[]> => {
  const all = await listDeadLetters({ topic, ...connection });
  const letters = ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
  if (letters.length === 0) return letters;
  const producer = new EventProducer(connection);
  await producer.connect();
  try {
    await producer.send(
      topic,
      letters.map(({ id, key, value, headers, partition }) => ({
        key,
        value,
        partition,
        headers: { ...headers, [replayedFrom]: id },
      })),
    );
    await producer.send(
      deadLetterTopicOf(topic),
      letters.map(({ id }) => ({ key: id, value: null })),
    );
  } finally {
    await producer.disconnect();
  }
  return letters;
};

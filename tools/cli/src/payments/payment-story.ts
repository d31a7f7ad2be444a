import { linesOf } from '../books/lines.ts';
import type { AcquirerBook } from '../books/acquirer-book.ts';
import type { StoryEvent } from './story-event.ts';
import { tableEvents } from './table-events.ts';
import { topicEvents } from './topic-events.ts';

export interface StorySources {
  readonly brokers: readonly string[];
  readonly postgresUrl: string;
  readonly acquirerBooks: readonly AcquirerBook[];
}

/** Everything that every topic, table and book knows of an operation, in the order in which it happened. */
export async function paymentStory(operationId: string, sources: StorySources): Promise<StoryEvent[]> {
  const told = await Promise.all([
    topicEvents(operationId, sources.brokers),
    tableEvents(operationId, sources.postgresUrl),
  ]);
  const events = told.flat();
  const claimedMs =
    events.find(({ source }) => source === 'routing.claim')?.atMs ?? Math.min(...events.map(({ atMs }) => atMs));
  events.push(...(await bookEvents(operationId, sources.acquirerBooks, claimedMs)));
  return events.sort((a, b) => a.atMs - b.atMs);
}

async function bookEvents(operationId: string, books: readonly AcquirerBook[], afterMs: number): Promise<StoryEvent[]> {
  const events: StoryEvent[] = [];
  for (const { acquirerId, path } of books) {
    for await (const line of linesOf(path)) {
      if (line.includes(operationId))
        events.push({
          atMs: afterMs,
          isTimed: false,
          source: `book of ${acquirerId}`,
          what: line.replaceAll('\t', ' '),
        });
    }
  }
  return events;
}

import { tableOf } from '../print/table.ts';
import type { StoryEvent } from './story-event.ts';

/** A payment's story for people. */
export const storyTable = (story: readonly StoryEvent[]): string =>
  tableOf(
    ['time', 'where', 'what'],
    story.map(({ atMs, isTimed, source, what }) => [isTimed ? new Date(atMs).toISOString() : '', source, what]),
  );

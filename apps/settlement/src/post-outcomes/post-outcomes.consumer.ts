import { topics } from '@fourway/contracts';
import { isTransient } from '@fourway/platform-postgres';
import { StreamConsumer, type StreamConsumerOptions } from '@fourway/platform-stream';
import { StaleCursorError } from './posting.repository.ts';

export type OutcomesConsumerOptions = Pick<
  StreamConsumerOptions,
  'brokers' | 'clientId' | 'handle' | 'logger' | 'metrics' | 'onFatal'
>;

/** The group all replicas of settlement read outcomes in. */
export const settlementGroup = 'settlement';

/**
 * Kafka's committed offset is where reading starts, and no more than that: it never passes a record that is neither posted nor
 * acknowledged in the dead-letter topic, so it stands at or below Settlement's own cursor, which decides.
 */
export const createOutcomesConsumer = (options: OutcomesConsumerOptions): StreamConsumer =>
  new StreamConsumer({
    ...options,
    isOnlyOfItsName: true,
    groupId: settlementGroup,
    topics: [topics.outcomes.name],
    isTransient: (error) => isTransient(error) || error instanceof StaleCursorError,
    maxBatch: 4_000,
    // The cursor orders postings anyway: a second one in flight would wait for the first one's row.
    maxInFlightBatches: 1,
    // Nobody waits for a posting, and a fetch costs as much as posting twenty facts.
    fetchPauseMs: 50,
  });

import { allTopics } from '@fourway/contracts';
import { awaitGroupCoordinator, ensureTopics, type TopicDefinition } from '@fourway/platform-stream';
import { sleep } from '../processes/wait.ts';

export const topicNames: readonly string[] = allTopics.map(({ name }) => name);

const tries = 10;

/** Creates the topics that are not there yet, as their contracts say. */
export async function createTopics(kafka: string, topics: readonly TopicDefinition[] = allTopics): Promise<void> {
  const request = { brokers: kafka.split(','), clientId: 'fourway-stack', topics };
  for (let attempt = 1; ; attempt++) {
    try {
      await ensureTopics(request);
      await awaitGroupCoordinator(request);
      return;
    } catch (error) {
      // A broker acknowledges a new topic before its own metadata has it, and may then deny that it exists.
      if (attempt === tries) throw error;
      await sleep(100 * attempt);
    }
  }
}

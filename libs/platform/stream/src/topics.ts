import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopicOf } from './dead-letter.ts';
import { connectTo, type KafkaConnection } from './kafka-client.ts';

export interface TopicDefinition {
  readonly name: string;
  /** Fixed for good: changing it would break the order per key. */
  readonly partitions: number;
  /** `null`: kept for ever. */
  readonly retentionMs: number | null;
  readonly cleanupPolicy: 'delete' | 'compact' | 'compact,delete';
  /** Further topic settings by their Kafka names. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface TopicsRequest extends KafkaConnection {
  readonly topics: readonly TopicDefinition[];
  /** Copies of each partition. Default: what the broker is configured for, and unchecked. */
  readonly replicationFactor?: number;
}

/** Topics that are not as defined; `differences` names each one. */
export class TopicMismatchError extends Error {
  override readonly name = 'TopicMismatchError';
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(`topics differ from their definition: ${differences.join('; ')}`);
    this.differences = differences;
  }
}

/** The dead letter topic that belongs to `topic`: compacted, so one live entry a record, kept until replayed. */
export const deadLetterTopicFor = (topic: string, partitions = 1): TopicDefinition => ({
  name: deadLetterTopicOf(topic),
  partitions,
  retentionMs: null,
  cleanupPolicy: 'compact',
});

const coordinatorTries = 60;
const coordinatorPauseMs = 250;

const configOf = ({ retentionMs, cleanupPolicy, config }: TopicDefinition): Record<string, string> => ({
  'cleanup.policy': cleanupPolicy,
  'retention.ms': String(retentionMs ?? -1),
  'retention.bytes': '-1',
  // Whatever a producer compresses with, the broker stores records as our readers take them.
  'compression.type': 'uncompressed',
  ...config,
});

const withAdmin = async <Result>(
  connection: KafkaConnection,
  use: (admin: Admin) => Promise<Result>,
): Promise<Result> => {
  const admin = connectTo(connection).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Creates the topics that do not exist; leaves the others alone (see assertTopics). Safe to run at the same time elsewhere. */
export const ensureTopics = async ({ topics, replicationFactor, ...connection }: TopicsRequest): Promise<void> => {
  await withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    const requests = missing.map((topic): ITopicConfig => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
      configEntries: Object.entries(configOf(topic)).map(([name, value]) => ({ name, value })),
    }));
    if (requests.length > 0) await admin.createTopics({ topics: requests, waitForLeaders: true });
  });
};

/** Resolves once the brokers can serve consumer groups: a fresh cluster first has to make the topic their offsets live in. */
export const awaitGroupCoordinator = async (connection: KafkaConnection): Promise<void> => {
  await withAdmin(connection, async (admin) => {
    for (let tries = 1; ; tries++) {
      try {
        await admin.fetchOffsets({ groupId: 'fourway-readiness', topics: [] });
        return;
      } catch (error) {
        if (tries === coordinatorTries) throw error;
        await sleep(coordinatorPauseMs);
      }
    }
  });
};

/** Throws TopicMismatchError when a topic is missing or its partitions, copies or settings differ. */
export const assertTopics = async ({ topics, replicationFactor, ...connection }: TopicsRequest): Promise<void> => {
  const differences = await withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const present = topics.filter(({ name }) => existing.has(name));
    const missing = topics.filter(({ name }) => !existing.has(name)).map(({ name }) => `${name} does not exist`);
    if (present.length === 0) return missing;
    return [
      ...missing,
      ...(await partitionDifferences(admin, present, replicationFactor)),
      ...(await configDifferences(admin, present)),
    ];
  });
  if (differences.length > 0) throw new TopicMismatchError(differences);
};

const partitionDifferences = async (
  admin: Admin,
  topics: readonly TopicDefinition[],
  replicationFactor: number | undefined,
): Promise<string[]> => {
  const { topics: described } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  return described.flatMap(({ name, partitions }) => {
    const wanted = topics.find((topic) => topic.name === name)?.partitions;
    const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
    return [
      ...(partitions.length === wanted ? [] : [`${name} has ${partitions.length} partitions, not ${wanted}`]),
      ...(replicationFactor === undefined || copies >= replicationFactor
        ? []
        : [`${name} has ${copies} copies, fewer than ${replicationFactor}`]),
    ];
  });
};

const configDifferences = async (admin: Admin, topics: readonly TopicDefinition[]): Promise<string[]> => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((topic) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: topic.name,
      configNames: Object.keys(configOf(topic)),
    })),
  });
  return topics.flatMap((topic) => {
    const found = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
    return Object.entries(configOf(topic)).flatMap(([name, wanted]) => {
      const actual = found.find((entry) => entry.configName === name)?.configValue;
      return sameSetting(actual, wanted) ? [] : [`${topic.name} has ${name}=${actual ?? 'nothing'}, not ${wanted}`];
    });
  });
};

const sameSetting = (actual: string | undefined, wanted: string): boolean =>
  actual?.split(',').toSorted().join() === wanted.split(',').toSorted().join();

import { SwitchError } from '@fourway/kernel';

/** One topic as code; a service refuses to start against a topic that differs from its row here. */
export interface TopicContract {
  readonly name: string;
  /** Fixed for good: another count would break the order of a key. */
  readonly partitions: number;
  /** Milliseconds; null keeps the newest record of each key for ever (compaction). */
  readonly retentionMs: number | null;
  readonly cleanupPolicy: 'delete' | 'compact';
  /** Further broker settings that are part of the contract. */
  readonly config: Readonly<Record<string, string>>;
  /** What the record key is. */
  readonly key: string;
  /** The Protobuf message a record's value is. */
  readonly schema: string;
  readonly owner: string;
  /** Who may produce. */
  readonly producers: readonly string[];
}

const day = 86_400_000;
const stream = (topic: Pick<TopicContract, 'name' | 'key' | 'schema' | 'owner' | 'producers'>): TopicContract => ({
  ...topic,
  partitions: 8,
  retentionMs: 7 * day,
  cleanupPolicy: 'delete',
  // The id's age is judged against the time the broker appended the record, so a redelivery is judged as the first time.
  config: { 'message.timestamp.type': 'LogAppendTime', 'retention.bytes': '-1' },
});

const requested = stream({
  name: 'payments.requested.v1',
  key: 'root payment id',
  schema: 'fourway.payments.v1.OperationRequested',
  owner: 'qr-payment',
  producers: ['qr-payment', 'upstream'],
});
const scored = stream({
  name: 'payments.scored.v1',
  key: 'root payment id',
  schema: 'fourway.payments.v1.OperationScored',
  owner: 'risk-scoring',
  producers: ['risk-scoring'],
});
const outcomes = stream({
  name: 'payments.outcomes.v1',
  key: 'merchant id',
  schema: 'fourway.payments.v1.OutcomeRecorded',
  owner: 'acquirer-routing',
  producers: ['acquirer-routing'],
});
const refused = stream({
  name: 'payments.refused.v1',
  key: 'event id of the refused record',
  schema: 'fourway.payments.v1.OperationRefused',
  owner: 'acquirer-routing',
  producers: ['risk-scoring', 'acquirer-routing'],
});
const directory: TopicContract = {
  name: 'directory.changed.v1',
  partitions: 6,
  retentionMs: null,
  cleanupPolicy: 'compact',
  config: {},
  key: '<type>/<entity id>',
  schema: 'fourway.directory.v1.DirectoryChanged',
  owner: 'partner-platform',
  producers: ['partner-platform'],
};

const cycles: TopicContract = {
  name: 'settlement.cycles.v1',
  partitions: 1,
  retentionMs: null,
  cleanupPolicy: 'compact',
  config: {},
  key: 'cycle id',
  schema: 'fourway.settlement.v1.CycleClosed',
  owner: 'settlement',
  producers: ['settlement'],
};

/** Where the undecodable records of a topic go, one live entry per (topic, partition, offset). */
export const deadLetterTopic = (topic: TopicContract): TopicContract => ({
  name: `${topic.name}.dlq`,
  partitions: 1,
  retentionMs: null,
  cleanupPolicy: 'compact',
  config: {},
  key: '<topic>/<partition>/<offset>',
  schema: 'the original bytes',
  owner: topic.owner,
  producers: ['every consumer of the topic'],
});

/** The topics by their role. */
export const topics = { requested, scored, outcomes, refused, directory, cycles } as const;

/** Every topic there is, dead-letter topics included. */
export const allTopics: readonly TopicContract[] = Object.values(topics).flatMap((topic) => [
  topic,
  deadLetterTopic(topic),
]);

/**
 * The contract of a topic by its name.
 * @throws SwitchError `not_found`
 */
export function topicNamed(name: string): TopicContract {
  const topic = allTopics.find((candidate) => candidate.name === name);
  if (topic === undefined)
    throw new SwitchError('not_found', `no topic ${name}; there are: ${allTopics.map((t) => t.name).join(', ')}`);
  return topic;
}

export type {
  DeadLetterReason,
  PartitionProgress,
  StreamBatch,
  StreamHeaders,
  StreamRecord,
  TopicPartition,
  TopicPartitionOffset,
} from './stream-record.ts';
export { StreamConsumer } from './stream-consumer.ts';
export type { ConsumerHealth, StreamConsumerOptions } from './stream-consumer-options.ts';
export { EventProducer, SendFailedError, type EventMessage } from './event-producer.ts';
export type { KafkaConnection } from './kafka-client.ts';
export type { StreamLogger } from './stream-logger.ts';
export type { ConsumerStatistics, PartitionStatistics, StreamCount, StreamMetrics } from './stream-metrics.ts';
export {
  assertTopics,
  awaitGroupCoordinator,
  deadLetterTopicFor,
  ensureTopics,
  TopicMismatchError,
  type TopicDefinition,
  type TopicsRequest,
} from './topics.ts';
export { readTopic, type ReadTopicOptions } from './read-topic.ts';
export { committedOffsets, deleteRecords, groupSize, rewindGroup, type GroupOnTopic } from './consumer-groups.ts';
export { EndOffsetReader } from './end-offset-reader.ts';
export { endOffsets } from './end-offsets.ts';
export { DelayWatch, type DelayWatchOptions, type WatchedGroup } from './delay-watch.ts';
export { GroupDelay } from './group-delay.ts';
export {
  consumerGroupIds,
  letPartitionsGoOn,
  partitionOffsets,
  stoppedPartitions,
  type StoppedPartition,
  type StoppedRequest,
} from './stopped-partitions.ts';
export { type PartitionOffsets } from './start-position.ts';
export { deadLetterTopicOf, type DeadLetter } from './dead-letter.ts';
export {
  listDeadLetters,
  replayDeadLetters,
  type DeadLettersRequest,
  type ReplayRequest,
} from './dead-letter-queue.ts';
export { StreamInstruments } from './stream-instruments.ts';

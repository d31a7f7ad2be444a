import { systemClock } from '@fourway/kernel';
import { HotData } from '@fourway/platform-hot-data';
import type { ServiceContext } from '@fourway/platform-http';
import type { Metrics } from '@fourway/platform-observability';
import { Database } from '@fourway/platform-postgres';
import { Periodic } from '@fourway/platform-resilience';
import { EventProducer, StreamInstruments, type StreamConsumer } from '@fourway/platform-stream';
import { CardVelocity } from './card-velocity/card-velocity.ts';
import { VelocityEpochs } from './card-velocity/velocity-epochs.ts';
import type { RiskScoringConfig } from './config.ts';
import { loadParts, type LoadParts } from './control-load/load-parts.ts';
import { DenyList } from './deny-list/deny-list.ts';
import { DenyListRepository } from './deny-list/deny-list.repository.ts';
import { PaymentHistory } from './rebuild-velocity/payment-history.ts';
import { RebuildVelocity } from './rebuild-velocity/rebuild-velocity.handler.ts';
import { createRequestedConsumer } from './score-operation/score-operation.consumer.ts';
import { ScoreOperation } from './score-operation/score-operation.handler.ts';
import { ScoringMetrics } from './score-operation/scoring-metrics.ts';

/** Where the service reads and writes. */
export interface ScoringStreams {
  readonly groupId: string;
  readonly requested: string;
  /** Partitions of `requested`. */
  readonly partitions: number;
  readonly scored: string;
  /** Of those who read `scored`. */
  readonly nextGroupId: string;
  readonly refused: string;
}

export interface ScoringParts {
  readonly database: Database;
  readonly hotData: HotData;
  readonly denyList: DenyList;
  readonly rebuild: RebuildVelocity;
  readonly periodic: readonly Periodic[];
  readonly producer: EventProducer;
  readonly consumer: StreamConsumer;
  /** Ends what the parts hold besides the engines above. */
  readonly close: LoadParts['close'];
}

type Config = Pick<
  RiskScoringConfig,
  'service' | 'replica' | 'kafkaBrokers' | 'postgresUrl' | 'redisUrl' | 'cardLimits' | 'upstreamQuotas' | 'shedAfterMs'
>;

/** Connects the parts that lie on a payment's way through this service; starts none of them. */
export function scoringParts(
  config: Config,
  { logger, metrics: registry }: Pick<ServiceContext, 'logger' | 'metrics'>,
  streams: ScoringStreams,
): ScoringParts {
  const clientId = `${config.service}-${config.replica}`;
  const connection = { brokers: config.kafkaBrokers, clientId, logger };
  const warn = (engine: string) => (error: Error) => logger.warn({ engine, err: error }, 'engine failed');
  const database = new Database({
    url: config.postgresUrl,
    applicationName: clientId,
    maxConnections: 2,
    onError: warn('postgres'),
  });
  const hotData = new HotData({ url: config.redisUrl, clientName: clientId, onError: warn('redis') });
  const producer = new EventProducer(connection);
  const metrics = new ScoringMetrics(registry, config.upstreamQuotas);
  const clock = systemClock;

  const denyList = new DenyList(new DenyListRepository(database), clock);
  const epochs = new VelocityEpochs(hotData);
  const history = new PaymentHistory({ connection, requestedTopic: streams.requested, scoredTopic: streams.scored });
  const rebuild = new RebuildVelocity({
    hotData,
    epochs,
    history,
    clock,
    logger,
    onRebuilt: (seconds) => metrics.rebuilt(seconds),
  });
  const velocity = new CardVelocity({
    hotData,
    epochs,
    onLost: () => rebuild.ensure(),
    onFailure: () => metrics.hotDataFailed(),
  });
  const load = loadParts({ config, connection, streams, progress: () => consumer.progress() });
  const scoring = new ScoreOperation({
    velocity,
    denyList,
    limits: config.cardLimits,
    loadControl: load.control,
    producer,
    topics: streams,
    metrics,
    clock,
  });
  const instruments = new StreamInstruments(registry);
  const consumer: StreamConsumer = createRequestedConsumer({
    ...connection,
    groupId: streams.groupId,
    topics: [streams.requested],
    handle: (batch) => scoring.handle(batch),
    metrics: instruments.for(streams.groupId),
  });
  instruments.watch(streams.groupId, consumer);

  gaugesOf(registry, { denyList, epochs, consumer });
  const every = (everyMs: number, task: string, work: () => Promise<void>): Periodic =>
    new Periodic({ everyMs, work, onError: (error) => logger.warn({ err: error, task }, 'periodic work failed') });
  const periodic = [
    every(1_000, 'refresh deny list', () => denyList.refresh()),
    every(1_000, 'watch card windows', () => velocity.watch()),
    every(1_000, 'keep counting progress', () => velocity.keepProgress()),
    ...load.periodic,
  ];
  return { database, hotData, denyList, rebuild, periodic, producer, consumer, close: load.close };
}

interface Watched {
  readonly denyList: DenyList;
  readonly epochs: VelocityEpochs;
  readonly consumer: StreamConsumer;
}

/** What an operator reads off at any time. */
function gaugesOf(metrics: Metrics, { denyList, epochs, consumer }: Watched): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({ name, help }, (at) => at.set(read()));
  };
  gauge(
    'switch_deny_list_age_seconds',
    'Since the deny list was last compared with Postgres',
    () => denyList.ageMs / 1_000,
  );
  gauge('switch_deny_list_cards', 'Cards on the deny list in use', () => denyList.size);
  gauge(
    'switch_card_windows_lost',
    'Parts of the card windows that are not there, of 16',
    () => epochs.lostTags.length,
  );
  gauge('switch_consumer_lag_records', 'Records requested and not scored yet', () => consumer.health().lagRecords);
}

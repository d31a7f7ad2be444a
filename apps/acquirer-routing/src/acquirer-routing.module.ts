import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { allTopics, pathGroups, topics } from '@fourway/contracts';
import type { ServiceContext } from '@fourway/platform-http';
import { isTransient, migrate } from '@fourway/platform-postgres';
import { Periodic } from '@fourway/platform-resilience';
import { assertTopics, StreamConsumer, StreamInstruments, type StreamConsumerOptions } from '@fourway/platform-stream';
import { authorizationPath, type AuthorizationPath } from './authorization-path.ts';
import { maxOpenRecords } from './authorize-payment/open-bounds.ts';
import type { RoutingConfig } from './config.ts';
import { CutCycle } from './cut-cycle/cut-cycle.handler.ts';
import { CutRepository } from './cut-cycle/cut.repository.ts';
import { DirectoryRepository } from './directory/directory.repository.ts';
import { hotMerchantCopy } from './directory/hot-merchant-copy.ts';
import { MerchantDirectory } from './directory/merchant-directory.ts';
import { ProjectDirectoryHandler } from './directory/project-directory.handler.ts';
import { Engines } from './engines.ts';
import { migrations } from './migrations/index.ts';
import { ensureIdPartitions } from './retention/id-partitions.ts';
import { retentionParts, type RetentionParts } from './retention/retention-parts.ts';

/** Starts and stops the parts in order: what is asked for stops first, what answers stops last. */
class AcquirerRouting implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #engines: Engines;
  readonly #path: AuthorizationPath;
  readonly #consumers: readonly StreamConsumer[];
  readonly #periodic: readonly Periodic[];

  constructor(
    engines: Engines,
    path: AuthorizationPath,
    consumers: readonly StreamConsumer[],
    periodic: readonly Periodic[],
  ) {
    this.#engines = engines;
    this.#path = path;
    this.#consumers = consumers;
    this.#periodic = periodic;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#engines.start();
    await this.#path.releasePredecessor();
    this.#path.links.start();
    for (const task of this.#periodic) task.start();
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.#periodic.map((task) => task.stop()));
    await this.#path.links.stop();
    await this.#engines.stop();
  }
}

/** The composition root of acquirer-routing: the one place that names its parts. */
@Module({})
export class AcquirerRoutingModule {
  static async compose(config: RoutingConfig, context: ServiceContext): Promise<DynamicModule> {
    const { logger } = context;
    // Refuses to start before it touches anything.
    const retention = retentionParts(config, context);
    await assertTopics({ brokers: config.kafkaBrokers, clientId: config.service, topics: allTopics });
    await migrate({ url: config.postgresUrl, schema: 'routing', migrations });

    const engines = new Engines(config, logger);
    await ensureIdPartitions(engines, config);
    const repository = new DirectoryRepository(engines);
    const hotCopy = hotMerchantCopy(engines.hotData, repository, context);
    const directory = new MerchantDirectory(engines.hotData, repository, hotCopy);
    await directory.refreshTokenRanges();
    const path = authorizationPath({ config, context, engines, directory });
    const consumers = consumersOf(config, context, path, new ProjectDirectoryHandler(repository, directory));
    for (const consumer of consumers) context.addHealthProbe(() => consumer.health());
    const cutCycle = cutCycleOf(context, engines, consumers);
    const periodic = periodicOf(context, { directory, path, cutCycle, hotCopy, ...retention });
    const routing = new AcquirerRouting(engines, path, consumers, periodic);
    return { module: AcquirerRoutingModule, providers: [{ provide: AcquirerRouting, useValue: routing }] };
  }
}

function consumersOf(
  config: RoutingConfig,
  { logger, metrics }: ServiceContext,
  path: AuthorizationPath,
  projection: ProjectDirectoryHandler,
): StreamConsumer[] {
  const instruments = new StreamInstruments(metrics);
  const consumer = (
    groupId: string,
    options: Pick<StreamConsumerOptions, 'topics' | 'handle' | 'handleAll' | 'maxInFlightBatches' | 'maxOpenRecords'>,
  ): StreamConsumer => {
    const clientId = `${config.service}-${config.replica}`;
    const started = new StreamConsumer({
      ...options,
      groupId,
      clientId,
      isOnlyOfItsName: true,
      isTransient,
      logger,
      brokers: config.kafkaBrokers,
      metrics: instruments.for(groupId),
    });
    instruments.watch(groupId, started);
    return started;
  };
  return [
    consumer(pathGroups.acquirerRouting.groupId, {
      topics: [topics.scored.name],
      handle: (batch) => path.authorize.handle(batch),
      maxInFlightBatches: 3,
      maxOpenRecords,
    }),
    consumer('acquirer-routing.directory', {
      topics: [topics.directory.name],
      handle: (batch) => projection.handle(batch),
      handleAll: true,
      maxInFlightBatches: 1,
    }),
  ];
}

/** Marks are written by whoever owns a source partition: the assignment of the consumer that authorizes. */
function cutCycleOf({ metrics }: ServiceContext, engines: Engines, consumers: readonly StreamConsumer[]): CutCycle {
  const unmarked = metrics.gauge({
    name: 'switch_cut_unmarked_seconds',
    help: 'Since the oldest cut that has not all its marks; the cycle cannot close before',
  });
  return new CutCycle({
    cuts: new CutRepository(engines),
    producer: engines,
    progress: () =>
      consumers.flatMap((consumer) => consumer.progress()).filter(({ topic }) => topic === topics.scored.name),
    onUnmarked: (seconds) => unmarked.set(seconds),
  });
}

interface PeriodicParts extends RetentionParts {
  readonly directory: MerchantDirectory;
  readonly path: AuthorizationPath;
  readonly cutCycle: CutCycle;
  readonly hotCopy: { check(): Promise<void> };
}

function periodicOf({ logger }: ServiceContext, parts: PeriodicParts): Periodic[] {
  const { directory, path, cutCycle, hotCopy, retention, sweep } = parts;
  const every = (everyMs: number, name: string, work: () => Promise<unknown>): Periodic =>
    new Periodic({
      everyMs,
      work: async () => {
        await work();
      },
      onError: (error) => logger.warn({ err: error, task: name }, 'periodic work failed'),
    });
  return [
    every(250, 'park slow calls', () => path.parking.parkSlowCalls()),
    every(250, 'park waiting operations', () => path.followUps.parkWaiting()),
    every(1_000, 'take up parked', () => path.takeUp.takeUp()),
    every(500, 'send reversals', () => path.reversals.sendDue()),
    every(500, 'cut cycle', () => cutCycle.run()),
    every(2_000, 'refresh token ranges', () => directory.refreshTokenRanges()),
    every(1_000, 'hot copy', () => hotCopy.check()),
    every(5_000, 'report backlogs', () => path.reportBacklogs()),
    every(3_600_000, 'retention', () => retention.run()),
    every(900_000, 'nightly sweep', () => sweep.run()),
  ];
}

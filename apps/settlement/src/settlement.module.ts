import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { deadLetterTopic, topics } from '@fourway/contracts';
import { systemClock } from '@fourway/kernel';
import type { Logger, ServiceContext } from '@fourway/platform-http';
import { Database, migrate } from '@fourway/platform-postgres';
import { Periodic } from '@fourway/platform-resilience';
import { assertTopics, EventProducer, StreamInstruments, type StreamConsumer } from '@fourway/platform-stream';
import { CloseCycles } from './close-cycles/close-cycles.handler.ts';
import { CycleMetrics } from './close-cycles/cycle-metrics.ts';
import { CycleRepository } from './close-cycles/cycle.repository.ts';
import type { SettlementConfig } from './config.ts';
import { migrations } from './migrations/index.ts';
import { FactPartitions } from './post-outcomes/fact-partitions.ts';
import { OpenCycles } from './post-outcomes/open-cycles.ts';
import { OutcomeCursors } from './post-outcomes/outcome-cursors.ts';
import { createOutcomesConsumer, settlementGroup } from './post-outcomes/post-outcomes.consumer.ts';
import { PaymentFactsRepository } from './post-follow-ups/payment-facts.repository.ts';
import { PostOutcomes } from './post-outcomes/post-outcomes.handler.ts';
import { PostingMetrics } from './post-outcomes/posting-metrics.ts';
import { PostingRepository } from './post-outcomes/posting.repository.ts';
import { FeeContractRepository } from './project-directory/fee-contract.repository.ts';
import { FeeContracts } from './project-directory/fee-contracts.ts';
import { DirectoryConsumer } from './project-directory/project-directory.consumer.ts';
import { ProjectDirectory } from './project-directory/project-directory.handler.ts';
import { ImbalanceGauge } from './watch-imbalance/imbalance-gauge.ts';

interface SettlementParts {
  readonly database: Database;
  readonly partitions: FactPartitions;
  readonly directory: DirectoryConsumer;
  readonly outcomes: StreamConsumer;
  readonly producer: EventProducer;
  readonly closeCycles: CloseCycles;
}

const closeCyclesEveryMs = 500;

/** The service's life: posting begins when fee contracts and partitions are there, and ends before the database closes. */
class Settlement implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: SettlementParts;
  readonly #logger: Logger;
  readonly #closing: Periodic;
  #isStopping = false;

  constructor(parts: SettlementParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
    this.#closing = new Periodic({
      everyMs: closeCyclesEveryMs,
      work: () => parts.closeCycles.run(),
      onError: (error) => logger.warn({ err: error }, 'cycles not closed, trying again'),
    });
  }

  /** In the background: health and metrics answer while a large directory is read. A failure is unhandled, and so ends the process. */
  onApplicationBootstrap(): void {
    void this.#start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { partitions, directory, outcomes, database, producer, closeCycles } = this.#parts;
    this.#isStopping = true;
    partitions.stop();
    closeCycles.stop();
    await Promise.all([outcomes.stop(), directory.stop(), this.#closing.stop()]);
    await producer.disconnect();
    await database.close();
  }

  async #start(): Promise<void> {
    const { partitions, directory, outcomes, producer } = this.#parts;
    await partitions.ensureAhead();
    partitions.keepAhead((error) => this.#logger.error({ err: error }, 'fact partitions not made ahead'));
    await producer.connect();
    await directory.catchUp();
    if (this.#isStopping) return;
    directory.follow();
    this.#closing.start();
    await outcomes.start();
  }
}

@Module({})
class SettlementModule {}

/** Names every adapter, and connects them. */
export async function composeSettlement(config: SettlementConfig, context: ServiceContext): Promise<DynamicModule> {
  const { logger, metrics } = context;
  const connection = { brokers: config.kafkaBrokers, clientId: `settlement-${config.replica}`, logger };
  const needed = [topics.outcomes, deadLetterTopic(topics.outcomes), topics.directory, topics.cycles];
  await assertTopics({ ...connection, topics: needed });
  await migrate({ url: config.postgresUrl, schema: 'settlement', migrations });

  const database = new Database({
    url: config.postgresUrl,
    applicationName: connection.clientId,
    maxConnections: 4,
    onError: (error) => logger.warn({ err: error }, 'idle database connection lost'),
  });
  new ImbalanceGauge({ database, metrics, logger, clock: systemClock });
  const { contracts, directory } = composeDirectory(database, connection, context);
  const partitions = new FactPartitions(database, systemClock);
  const repository = new PostingRepository(database, topics.outcomes.name);
  const cursors = new OutcomeCursors({ repository, rewind: (to) => outcomes.seek(to) });
  const postOutcomes = new PostOutcomes({
    ...{ contracts, cursors, repository },
    payments: new PaymentFactsRepository(database),
    cycles: new OpenCycles(database),
    metrics: new PostingMetrics(metrics),
    slot: () => slotOf(outcomes.assignment),
    clock: systemClock,
    directoryDeadlineMs: config.directoryDeadlineMs,
  });
  const instruments = new StreamInstruments(metrics);
  const outcomes = createOutcomesConsumer({
    ...connection,
    handle: (batch) => postOutcomes.handle(batch),
    metrics: instruments.for(settlementGroup),
  });
  instruments.watch(settlementGroup, outcomes);
  context.addHealthProbe(() => outcomes.health());

  const producer = new EventProducer(connection);
  const closeCycles = new CloseCycles({
    ...{ database, producer, filesFolder: config.filesFolder, clock: systemClock },
    cycles: new CycleRepository(database),
    metrics: new CycleMetrics(metrics),
  });
  const service = new Settlement({ database, partitions, directory, outcomes, producer, closeCycles }, logger);
  return { module: SettlementModule, providers: [{ provide: Settlement, useValue: service }] };
}

/**
 * Replicas read disjoint partitions, so the lowest one of each is a slot no other replica posts to, and an account that many payments
 * share is one row a replica rather than one a partition.
 */
const slotOf = (assignment: readonly { readonly partition: number }[]): number =>
  assignment.reduce((lowest, { partition }) => Math.min(lowest, partition), assignment[0]?.partition ?? 0);

function composeDirectory(
  database: Database,
  connection: { brokers: readonly string[]; clientId: string },
  { logger, metrics }: ServiceContext,
) {
  const unusable = metrics.counter({
    name: 'switch_settlement_unusable_fee_contracts_total',
    help: 'Fee contracts in the directory that no fee can be computed with',
  });
  const contracts = new FeeContracts();
  const repository = new FeeContractRepository(database);
  const projectDirectory = new ProjectDirectory({ contracts, repository, logger, onUnusable: () => unusable.inc() });
  return { contracts, directory: new DirectoryConsumer({ connection, projectDirectory, repository, logger }) };
}

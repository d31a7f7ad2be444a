import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { deadLetterTopic, topics } from '@fourway/contracts';
import { systemClock } from '@fourway/kernel';
import type { ServiceContext } from '@fourway/platform-http';
import { Database, migrate } from '@fourway/platform-postgres';
import { assertTopics, EventProducer } from '@fourway/platform-stream';
import type { PartnerConfig } from './config.ts';
import { DirectoryRepository } from './directory/directory.repository.ts';
import { controllers, useCases } from './directory-api.ts';
import { migrations } from './migrations/index.ts';
import { PublicationRepository } from './publish-changes/publication.repository.ts';
import { PublishChanges } from './publish-changes/publish-changes.ts';
import { publishMetrics } from './publish-changes/publish-metrics.ts';

interface PartnerParts {
  readonly database: Database;
  readonly publication: PublicationRepository;
  readonly producer: EventProducer;
  readonly publishing: PublishChanges;
}

/** The service's life: what was committed before the stop is published by the next process. */
class PartnerPlatform implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: PartnerParts;

  constructor(parts: PartnerParts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { producer, publishing } = this.#parts;
    await producer.connect();
    publishing.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { publishing, publication, producer, database } = this.#parts;
    await publishing.stop();
    await publication.close();
    await producer.disconnect();
    await database.close();
  }
}

@Module({})
class PartnerPlatformModule {}

/** Names every adapter, and connects them. */
export async function composePartnerPlatform(config: PartnerConfig, context: ServiceContext): Promise<DynamicModule> {
  const { logger } = context;
  const connection = { brokers: config.kafkaBrokers, clientId: `partner-platform-${config.replica}`, logger };
  await assertTopics({ ...connection, topics: [topics.directory, deadLetterTopic(topics.directory)] });
  await migrate({ url: config.postgresUrl, schema: 'partner', migrations });

  const parts = composePublishing(config, context, new EventProducer(connection));
  const directory = new DirectoryRepository({
    database: parts.database,
    clock: systemClock,
    onChanged: () => parts.publishing.wake(),
  });
  const service = new PartnerPlatform(parts);
  return {
    module: PartnerPlatformModule,
    controllers,
    providers: [{ provide: PartnerPlatform, useValue: service }, ...useCases(directory, config.apiMasterKey)],
  };
}

function composePublishing(config: PartnerConfig, context: ServiceContext, producer: EventProducer): PartnerParts {
  const { logger, metrics } = context;
  const connect = (purpose: string, maxConnections: number): Database =>
    new Database({
      ...{ url: config.postgresUrl, applicationName: `partner-platform-${config.replica} ${purpose}`, maxConnections },
      onError: (error) => logger.warn({ err: error, purpose }, 'idle database connection lost'),
    });
  const database = connect('directory', 8);
  const publication = new PublicationRepository(connect('publisher', 1));
  const publishing = new PublishChanges({ publication, producer, logger, metrics: publishMetrics(metrics) });
  context.addHealthProbe(publishing.health);
  return { database, publication, producer, publishing };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@fourway/contracts';
import type { Logger } from '@fourway/platform-observability';
import { readTopic, type KafkaConnection, type StreamRecord } from '@fourway/platform-stream';
import type { FeeContractRepository } from './fee-contract.repository.ts';
import type { ProjectDirectory } from './project-directory.handler.ts';

export interface DirectoryConsumerOptions {
  readonly connection: KafkaConnection;
  readonly projectDirectory: ProjectDirectory;
  readonly repository: FeeContractRepository;
  readonly logger: Logger;
}

const retryEveryMs = 1_000;

/** Reads directory.changed.v1 in every replica, each from where the projection stands, and follows it. */
export class DirectoryConsumer {
  readonly #options: DirectoryConsumerOptions;
  readonly #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(options: DirectoryConsumerOptions) {
    this.#options = options;
  }

  /** Resolves when everything the topic held at the call is in memory; posting begins after that. */
  async catchUp(): Promise<void> {
    await this.#options.projectDirectory.restore();
    const records = await this.#read(false);
    this.#options.logger.info({ records }, 'directory read');
  }

  follow(): void {
    this.#following = this.#followUntilStopped();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  async #followUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#read(true);
      } catch (error) {
        // Contracts in memory stay good meanwhile; outcomes that name newer ones wait.
        this.#options.logger.warn({ err: error }, 'directory interrupted, reading on');
        await sleep(retryEveryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #read(follow: boolean): Promise<number> {
    const { connection, projectDirectory, repository } = this.#options;
    return readTopic({
      ...connection,
      topic: topics.directory.name,
      from: await repository.readPositions(topics.directory.name),
      follow,
      signal: this.#stopping.signal,
      onRecords: (records: readonly StreamRecord[]) => projectDirectory.handle(records),
    });
  }
}

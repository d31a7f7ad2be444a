import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ScoringParts } from './scoring-path.ts';

/** A start waits this long for card windows; past it payments are declined until they are there. */
const windowsWithinMs = 10_000;

/** The service's life: it reads nothing before it knows whom to deny, and answers everything it has read before it goes. */
export class RiskScoring implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: ScoringParts;

  constructor(parts: ScoringParts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { hotData, denyList, producer, rebuild, periodic, consumer } = this.#parts;
    hotData.connect();
    await Promise.all([denyList.refresh(), producer.connect(), rebuild.begin(windowsWithinMs)]);
    for (const task of periodic) task.start();
    await consumer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { hotData, producer, rebuild, periodic, consumer, database, close } = this.#parts;
    await consumer.stop();
    await Promise.all([rebuild.stop(), ...periodic.map((task) => task.stop())]);
    await producer.disconnect();
    await Promise.all([hotData.close(), database.close(), close()]);
  }
}

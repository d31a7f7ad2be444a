import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sleep } from '@fourway/kernel';
import { committedOffsets, endOffsets, type StreamConsumer } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import { RiskScoring } from '../risk-scoring.ts';
import { messageOf, saleRequest } from './requests.fixture.ts';
import { ScoringWorld } from './scoring-service.fixture.ts';

/** What the consumer lets in at most, waiting records included: the stream library's default. */
const maxOpenRecords = 20_000;
const backlog = 60_000;

let world: ScoringWorld;
let replica: RiskScoring;
let consumer: StreamConsumer;
beforeAll(async () => {
  world = await ScoringWorld.create('redis_away');
  const parts = world.parts();
  consumer = parts.consumer;
  replica = new RiskScoring(parts);
});
afterEach(() => world.link.heal());
afterAll(async () => {
  await replica.beforeApplicationShutdown();
  await world.close();
});

async function uncommitted(): Promise<number> {
  const connection = { brokers: testEngines().kafka.split(','), clientId: 'redis-away' };
  const { requested: topic, groupId } = world.streams;
  const sum = (offsets: readonly { readonly offset: bigint }[]): number =>
    offsets.reduce((total, { offset }) => total + Number(offset), 0);
  return (
    sum(await endOffsets({ ...connection, topic })) - sum(await committedOffsets({ ...connection, topic, groupId }))
  );
}

async function request(sales: number): Promise<void> {
  const chunk = 2_000;
  for (let sent = 0; sent < sales; sent += chunk)
    await world.request(Array.from({ length: chunk }, () => messageOf(saleRequest())));
}

describe('what is requested while Redis comes and goes', () => {
  it('is scored in its order: the first request under an id is the one that counts', async () => {
    const other = await ScoringWorld.create('redis_order');
    const service = await other.startReplica();
    const whims = [() => other.link.hang(), () => other.link.cut(), () => other.link.forgetConnections()];
    for (let round = 0; round < 30; round++) {
      const sent = Array.from({ length: 8 }, async (_, no) => {
        await sleep(no * 15);
        await other.request(Array.from({ length: 4 }, () => messageOf(saleRequest())));
      });
      await sleep(40);
      whims[round % whims.length]?.();
      await sleep(30);
      other.link.heal();
      await Promise.all(sent);
    }
    await eventually(async () => expect(await other.scored()).toHaveLength(960), { withinMs: 30_000 });
    const offsets = Map.groupBy(await other.scored(), ({ sourcePartition }) => sourcePartition);
    for (const ofPartition of offsets.values()) {
      const inTopic = ofPartition.map(({ sourceOffset }) => Number(sourceOffset));
      expect(inTopic).toEqual(inTopic.toSorted((a, b) => a - b));
    }
    await service.beforeApplicationShutdown();
    await other.close();
  }, 60_000);
});

describe('a backlog that is read while Redis does not answer', () => {
  it('is let in piece by piece, and done by the same process when Redis is back', async () => {
    await request(backlog);
    await replica.onApplicationBootstrap();
    await eventually(() => expect(consumer.statistics().openRecords).toBeGreaterThan(0), { everyMs: 1 });
    world.link.hang();
    let highest = 0;
    const untilMs = Date.now() + 5_000;
    while (Date.now() < untilMs) {
      highest = Math.max(highest, consumer.statistics().openRecords);
      await sleep(5);
    }
    world.link.heal();
    expect(highest).toBeGreaterThan(0);
    expect(highest).toBeLessThanOrEqual(maxOpenRecords);
    await eventually(async () => expect(await uncommitted()).toBe(0), { withinMs: 60_000, everyMs: 250 });
    expect(consumer.health()).toMatchObject({ live: true, ready: true });
  }, 120_000);
});

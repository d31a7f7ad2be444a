import { afterEach, describe, expect, it } from '@jest/globals';
import { decodeOperationRequested, type OperationRequest, type Refusal } from '@fourway/contracts';
import { quotaWindowMs, salesInWindow } from '@fourway/payment';
import { rewindGroup, StreamConsumer } from '@fourway/platform-stream';
import { eventually } from '@fourway/testing';
import type { RiskScoring } from '../risk-scoring.ts';
import { messageOf, newCard, saleRequest } from '../score-operation/requests.fixture.ts';
import { ScoringWorld } from '../score-operation/scoring-service.fixture.ts';

const patience = { withinMs: 40_000, everyMs: 200 };
const perSecond = 3;

let world: ScoringWorld;
let stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

async function open(name: string, load: Parameters<ScoringWorld['startReplica']>[1]): Promise<RiskScoring> {
  world = await ScoringWorld.create(name);
  stops.push(() => world.close());
  return start(load);
}

async function start(load: Parameters<ScoringWorld['startReplica']>[1]): Promise<RiskScoring> {
  const replica = await world.startReplica(0, load);
  stops.push(() => replica.beforeApplicationShutdown());
  // It has taken its partitions over before the payments of the test are made.
  await answered(...(await send(Array.from({ length: 12 }, () => saleRequest({ upstreamId: 'probe' })))));
  return replica;
}

async function send(requests: readonly OperationRequest[]): Promise<readonly OperationRequest[]> {
  await world.request(requests.map(messageOf));
  return requests;
}

const many = (count: number, changes: Partial<OperationRequest> = {}): OperationRequest[] =>
  Array.from({ length: count }, () => saleRequest(changes));

interface Answers {
  /** Operation ids of scored records, as often as they came. */
  readonly scored: readonly string[];
  /** By event id. */
  readonly refused: ReadonlyMap<string, Refusal>;
}

/** What became of all requests, as soon as each of these has an answer. */
const answered = (...requests: OperationRequest[]): Promise<Answers> =>
  eventually(async () => {
    const scored = (await world.scored()).map(({ operation }) => operation.operationId);
    const refused = new Map((await world.refused()).map((refusal) => [refusal.eventId, refusal]));
    const known = new Set(scored);
    const open = requests.filter(({ operationId, eventId }) => !known.has(operationId) && !refused.has(eventId));
    if (open.length > 0) throw new Error(`${open.length} requests are not answered yet`);
    return { scored, refused };
  }, patience);

const refundOf = (sale: OperationRequest): OperationRequest =>
  saleRequest({ ...sale, ...many(1)[0], kind: 'refund', rootId: sale.operationId, upstreamId: sale.upstreamId });

/** Event ids over the quota, counted one by one in the log as the broker has it. */
async function excessInLog(upstreamId: string): Promise<string[]> {
  const counts = new Map<string, number>();
  return (await world.log()).flatMap(({ value, partition, timestampMs }) => {
    const request = decodeOperationRequested(value);
    if (request.upstreamId !== upstreamId || request.kind !== 'sale') return [];
    const window = `${partition}/${Math.floor(timestampMs / quotaWindowMs)}`;
    const count = (counts.get(window) ?? 0) + 1;
    counts.set(window, count);
    return count > salesInWindow(perSecond, world.streams.partitions) ? [request.eventId] : [];
  });
}

describe('an upstream over its quota', () => {
  const load = { upstreamQuotas: new Map([['flood', perSecond]]), shedAfterMs: null };

  it('is refused the excess and nothing else; its refunds pass, and nobody else notices', async () => {
    await open('quota', load);
    const cardToken = newCard();
    const flood = many(150, { upstreamId: 'flood', cardToken, amountMinor: 1n });
    const others = many(150);
    await send(flood.flatMap((sale, at) => [sale, ...others.slice(at, at + 1)]));
    const refunds = flood.slice(-20).map(refundOf);
    await send(refunds);

    const { scored, refused } = await answered(...flood, ...others, ...refunds);
    const excess = await excessInLog('flood');
    expect(excess.length).toBeGreaterThan(flood.length / 4);
    expect([...refused.keys()].toSorted()).toEqual(excess.toSorted());
    expect(new Set([...refused.values()].map(({ code }) => code))).toEqual(new Set(['quota_exceeded']));
    for (const { retryAfterMs, field, remedy } of refused.values())
      expect([retryAfterMs, field, remedy]).toEqual([quotaWindowMs, 'upstream_id', expect.stringContaining('again')]);
    const passed = new Set(scored);
    for (const { operationId } of [...others, ...refunds]) expect(passed).toContain(operationId);
    for (const { operationId, eventId } of flood) expect(passed.has(operationId)).toBe(!refused.has(eventId));
  });

  it('is told at once, has nothing stored of what is refused, and has it decided when it sends it again', async () => {
    await open('quota_again', load);
    const limit = salesInWindow(perSecond, world.streams.partitions);
    await send(many(limit * world.streams.partitions * 2, { upstreamId: 'flood' }));
    // More than a card may pay in an hour: what is refused must not be counted on it.
    const cardToken = newCard();
    const sales = many(30, { upstreamId: 'flood', cardToken, amountMinor: 1n });
    await send(sales);
    const { refused } = await answered(...sales);
    const again = sales.filter(({ eventId }) => refused.has(eventId)).slice(0, 3);
    expect(again).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, quotaWindowMs));
    await send(again.map((sale) => ({ ...sale, eventId: saleRequest().eventId })));
    await eventually(async () => {
      const scored = await world.scored();
      const verdicts = again.map((sale) => scored.find(({ operation }) => operation.operationId === sale.operationId));
      expect(verdicts.map((each) => each?.verdict)).toEqual(['accept', 'accept', 'accept']);
    }, patience);
  });
});

describe('an overloaded switch', () => {
  const load = { upstreamQuotas: new Map<string, number>(), shedAfterMs: 3_000 };

  it('refuses new payments and no refund while what it let through waits; then takes them', async () => {
    await open('overload', load);
    const [waiting] = await send(many(1));
    if (waiting === undefined) throw new Error('no sale');
    // Nobody reads what is let through.
    const turnedAway = await eventually(async () => {
      const [sale] = await send(many(1));
      if (sale === undefined) throw new Error('no sale');
      const { refused } = await answered(sale);
      expect(refused.get(sale.eventId)).toMatchObject({ code: 'overloaded', retryAfterMs: 2_000 });
      return sale;
    }, patience);
    const refunds = Array.from({ length: 10 }, () => refundOf(waiting));
    const copy = { ...waiting, eventId: saleRequest().eventId };
    await send([...refunds, copy, ...many(50)]);
    const { scored, refused } = await answered(...refunds, copy);
    expect(refunds.filter(({ operationId }) => !scored.includes(operationId))).toEqual([]);
    expect(scored.filter((operationId) => operationId === waiting.operationId)).toHaveLength(2);
    expect(refused.has(copy.eventId)).toBe(false);

    const next = new StreamConsumer({
      ...{ ...world.connection, groupId: world.streams.nextGroupId, topics: [world.streams.scored] },
      ...{ handleAll: true, handle: () => Promise.resolve(), isTransient: () => false },
    });
    await next.start();
    stops.push(() => next.stop());
    await eventually(async () => {
      const again = { ...turnedAway, eventId: saleRequest().eventId };
      await send([again]);
      expect((await answered(again)).scored).toContain(turnedAway.operationId);
    }, patience);
  });

  it('refuses nothing that was let through, whoever reads it again', async () => {
    const replica = await open('overload_again', load);
    const passed = await send(many(40));
    await answered(...passed);
    await replica.beforeApplicationShutdown();
    stops.pop();
    await rewindGroup({ ...world.connection, groupId: world.streams.groupId, topic: world.streams.requested });
    // By now the path is behind, and every one of them is late.
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await start(load);
    await eventually(async () => {
      const { scored } = await answered(...passed);
      const twice = passed.filter(({ operationId }) => scored.filter((id) => id === operationId).length >= 2);
      expect(twice).toHaveLength(passed.length);
    }, patience);
    const { refused } = await answered(...passed);
    expect(passed.filter(({ eventId }) => refused.has(eventId))).toEqual([]);
  });
});

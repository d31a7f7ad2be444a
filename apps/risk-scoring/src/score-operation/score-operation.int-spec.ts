import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeOperationRequested, type OperationRequest } from '@fourway/contracts';
import { maxAmountMinor } from '@fourway/kernel';
import { HotData, type KeyScript } from '@fourway/platform-hot-data';
import { eventually } from '@fourway/testing';
import { markerKey, tagOf } from '../card-velocity/velocity-keys.ts';
import type { RiskScoring } from '../risk-scoring.ts';
import { messageOf, newCard, saleRequest } from './requests.fixture.ts';
import { ScoringWorld } from './scoring-service.fixture.ts';

let world: ScoringWorld;
let replicas: RiskScoring[];

beforeAll(async () => {
  world = await ScoringWorld.create('scoring');
  replicas = [await world.startReplica()];
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.beforeApplicationShutdown()));
  await world.close();
});

afterEach(() => {
  world.link.heal();
});

const patience = { withinMs: 30_000, everyMs: 200 };
const send = (...requests: OperationRequest[]): Promise<void> => world.request(requests.map(messageOf));

/** The first answer to each operation, in the order asked for: `accept`, or the most severe reason. */
const answersTo = (requests: readonly OperationRequest[]): Promise<string[]> =>
  eventually(async () => {
    const scored = await world.scored();
    return requests.map(({ operationId }) => {
      const first = scored.find(({ operation }) => operation.operationId === operationId);
      if (first === undefined) throw new Error('not answered yet');
      return first.reasons[0] ?? first.verdict;
    });
  }, patience);
const answerTo = async (request: OperationRequest): Promise<string | undefined> => (await answersTo([request]))[0];

describe('a requested operation', () => {
  it('is scored with its own bytes, where it stood and no reason to decline', async () => {
    const sale = saleRequest();
    await send(sale);
    expect(await answerTo(sale)).toBe('accept');
    const record = (await world.scored()).find(({ operation }) => operation.operationId === sale.operationId);
    expect(record).toMatchObject({ operation: sale, verdict: 'accept', reasons: [], degraded: false });
  });

  it('is declined past the card limits, and duplicates in one batch count once', async () => {
    const cardToken = newCard();
    const sales = Array.from({ length: 21 }, () => saleRequest({ cardToken }));
    const [first] = sales;
    if (first === undefined) throw new Error('no sale');
    await send(first, first, first, ...sales.slice(1, 20));
    expect(await answersTo(sales.slice(0, 20))).toEqual(Array.from({ length: 20 }, () => 'accept'));
    await send(...sales.slice(20));
    expect(await answersTo(sales.slice(20))).toEqual(['card_count_exceeded']);
    const large = saleRequest({ amountMinor: 20_000_001n });
    await send(large);
    expect(await answerTo(large)).toBe('card_sum_exceeded');
  });

  it('on a payment passes unscored behind its root, and uses nothing of the card', async () => {
    const cardToken = newCard();
    const sale = saleRequest({ cardToken });
    const refunds = Array.from({ length: 30 }, () =>
      saleRequest({ cardToken, kind: 'refund', rootId: sale.operationId, presentment: null, amountMinor: 1n }),
    );
    await send(sale, ...refunds);
    expect(new Set(await answersTo(refunds))).toEqual(new Set(['accept']));
    const order = (await world.scored())
      .map(({ operation }) => operation)
      .filter(({ rootId }) => rootId === sale.operationId);
    expect(order.map(({ operationId }) => operationId)).toEqual(
      [sale, ...refunds].map(({ operationId }) => operationId),
    );
    const next = saleRequest({ cardToken });
    await send(next);
    expect(await answerTo(next)).toBe('accept');
  });

  it('is declined for a card put on the deny list while the service runs, and accepted again when it is taken off', async () => {
    const cardToken = newCard();
    const probe = async (): Promise<string | undefined> => {
      const sale = saleRequest({ cardToken });
      await send(sale);
      return answerTo(sale);
    };
    expect(await probe()).toBe('accept');
    await world.sql(`insert into risk.deny_list (card_token, reason) values ($1, 'stolen')`, cardToken);
    await eventually(async () => expect(await probe()).toBe('card_denied'), patience);
    await world.sql('delete from risk.deny_list where card_token = $1', cardToken);
    await eventually(async () => expect(await probe()).toBe('accept'), patience);
  });
});

describe('bad input', () => {
  const v4 = '550e8400-e29b-41d4-a716-446655440000';
  const old = saleRequest({}, Date.now() - 36 * 86_400_000);
  const bad: [string, OperationRequest, string][] = [
    ['a negative amount', saleRequest({ amountMinor: -1n }), 'amount_not_positive'],
    ['an amount of zero', saleRequest({ amountMinor: 0n }), 'amount_not_positive'],
    ['an amount over the limit', saleRequest({ amountMinor: maxAmountMinor + 1n }), 'amount_over_limit'],
    ['an id that is not v7', saleRequest({ operationId: v4 }), 'id_not_v7'],
    ['an id out of the horizon', old, 'id_out_of_range'],
    ['a missing field', saleRequest({ merchantId: '' }), 'missing_field'],
    ['an unknown currency', saleRequest({ currency: 'XXX' }), 'currency_unknown'],
    ['another kind', saleRequest({ kind: null }), 'kind_not_supported'],
    ['no event id', saleRequest({ eventId: '' }), 'missing_field'],
  ];
  // Field 1, schema_version, is the record's first: 8, then the version.
  const otherVersion = Buffer.concat([Buffer.from([8, 9]), encodeOperationRequested(saleRequest()).subarray(2)]);

  it('has its own coded refusal or dead letter each, and the partition goes on', async () => {
    const good = saleRequest();
    const key = good.rootId;
    const poison = [Buffer.from('not protobuf at all'), otherVersion, null].map((value) => ({ key, value }));
    // One key, so one partition: what stands behind the bad records must be answered too.
    await world.request([...bad.map(([, request]) => ({ ...messageOf(request), key })), ...poison, messageOf(good)]);

    expect(await answerTo(good)).toBe('accept');
    const refusals = await eventually(async () => {
      const refused = await world.refused();
      expect(refused).toHaveLength(bad.length);
      return refused;
    }, patience);
    for (const [name, { operationId, eventId }, code] of bad) {
      const refusal = refusals.find(
        (candidate) => candidate.operationId === operationId && candidate.eventId === eventId,
      );
      expect([name, refusal?.code]).toEqual([name, code]);
      expect(refusal?.field === '' || refusal?.rule === '' || refusal?.remedy === '').toBe(false);
    }
    await eventually(async () => {
      const letters = await world.deadLetters();
      expect(letters.map(({ reason }) => reason.code).toSorted()).toEqual([
        'undecodable',
        'undecodable',
        'unknown_version',
      ]);
    }, patience);
    expect(
      (await world.scored()).some(({ operation }) =>
        bad.some(([, { eventId }]) => eventId !== '' && operation.eventId === eventId),
      ),
    ).toBe(false);
  });
});

describe('when Redis fails', () => {
  const flush: KeyScript = { name: 'specFlush', lua: `redis.call('FLUSHDB') return 1` };
  const tagKeyOf = (cardToken: string): string => markerKey(tagOf(cardToken));
  const progressSeen: KeyScript = {
    name: 'specProgressSeen',
    lua: `return #redis.call('KEYS', 'risk:velocity:*:progress:*')`,
  };
  // What a killed server has kept is how it was at some moment before: everything up to then, nothing after.
  const remember: KeyScript = {
    name: 'specRemember',
    lua: `for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('COPY', key, 'kept:' .. key, 'REPLACE') end return 1`,
  };
  const comeBackAsAnotherRun: KeyScript = {
    name: 'specComeBack',
    lua: `
for _, key in ipairs(redis.call('KEYS', '*')) do if string.sub(key, 1, 5) ~= 'kept:' then redis.call('DEL', key) end end
for _, key in ipairs(redis.call('KEYS', 'kept:*')) do redis.call('RENAME', key, string.sub(key, 6)) end
for tag = 0, 15 do
  local key = 'risk:velocity:{' .. tag .. '}:windows'
  redis.call('SET', key, ARGV[1] .. string.sub(redis.call('GET', key), 7))
end
return string.sub(redis.call('GET', KEYS[1]), 7)`,
  };

  it('hanging: payments are declined instead of waiting, and accepted again when it answers', async () => {
    world.link.hang();
    const during = [saleRequest(), saleRequest()];
    await send(...during);
    expect(await answersTo(during)).toEqual(['limit_unavailable', 'limit_unavailable']);
    world.link.heal();
    await accepted();
  });

  it('gone: payments are declined instead of waiting, and accepted again when it is back', async () => {
    world.link.cut();
    const during = saleRequest();
    await send(during);
    expect(await answerTo(during)).toBe('limit_unavailable');
    world.link.heal();
    await accepted();
  });

  it('emptied: nothing is accepted before the windows are rebuilt, and then the same counts hold', async () => {
    const cardToken = newCard();
    const before = Array.from({ length: 20 }, () => saleRequest({ cardToken }));
    await send(...before);
    expect(new Set(await answersTo(before))).toEqual(new Set(['accept']));

    const direct = new HotData({ url: world.redisUrl, clientName: 'flush' });
    direct.connect();
    await eventually(() => expect(direct.isReady).toBe(true));
    await direct.runOnKeys(flush, [['any']]);
    await direct.close();

    const after: OperationRequest[] = [];
    await eventually(async () => {
      const sale = saleRequest({ cardToken });
      after.push(sale);
      await send(sale);
      expect(await answerTo(sale)).toBe('card_count_exceeded');
    }, patience);
    expect(await answersTo(after)).not.toContain('accept');
    await accepted();
  });

  it('started again without its newest writes: what it lacks is counted again, what it kept is not, and limits hold', async () => {
    const cardToken = newCard();
    const sales = (count: number) => Array.from({ length: count }, () => saleRequest({ cardToken }));
    const direct = new HotData({ url: world.redisUrl, clientName: 'restart' });
    direct.connect();
    await eventually(() => expect(direct.isReady).toBe(true));
    const [kept, lost] = [sales(10), sales(10)];
    await send(...kept);
    expect(new Set(await answersTo(kept))).toEqual(new Set(['accept']));
    await eventually(async () =>
      expect(await direct.runOnKeys(progressSeen, [[tagKeyOf(cardToken)]])).not.toEqual([0]),
    );
    await direct.runOnKeys(remember, [['any']]);
    await send(...lost);
    expect(new Set(await answersTo(lost))).toEqual(new Set(['accept']));
    const [epoch] = await direct.runOnKeys(comeBackAsAnotherRun, [[tagKeyOf(cardToken), 'facade']]);

    const after: OperationRequest[] = [];
    await eventually(async () => {
      const sale = saleRequest({ cardToken });
      after.push(sale);
      await send(sale);
      expect(await answerTo(sale)).toBe('card_count_exceeded');
    }, patience);
    expect(await answersTo(after)).not.toContain('accept');
    expect((await direct.get(tagKeyOf(cardToken)))?.slice(6)).toBe(epoch);
    await direct.close();
    await accepted();
  });

  it('emptied under two replicas: one of them rebuilds, and both go on', async () => {
    replicas.push(await world.startReplica(1));
    const direct = new HotData({ url: world.redisUrl, clientName: 'flush' });
    direct.connect();
    await eventually(() => expect(direct.isReady).toBe(true));
    await direct.runOnKeys(flush, [['any']]);
    await direct.close();
    await eventually(async () => {
      const sales = Array.from({ length: 30 }, () => saleRequest());
      await send(...sales);
      expect(new Set(await answersTo(sales))).toEqual(new Set(['accept']));
    }, patience);
  });

  async function accepted(): Promise<void> {
    await eventually(async () => {
      const sale = saleRequest();
      await send(sale);
      expect(await answerTo(sale)).toBe('accept');
    }, patience);
  }
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeOutcome, topics, type Outcome } from '@fourway/contracts';
import { eventually } from '@fourway/testing';
import { orderBody, outcomeOf, PaymentRig, textOf } from './testing/payment-rig.ts';
import type { Answer, SignedClient } from './testing/signed-client.ts';

const rig = new PaymentRig();
const merchantId = '812345678900001';
const wallet = rig.client('wallet:city-pay');
const cardToken = '6200000000000001';
let merchant: SignedClient;
let number = 0;
const unique = (): string => `no-${process.pid}-${++number}`;

beforeAll(async () => {
  await rig.start('qr_payment');
  merchant = await rig.merchant(merchantId);
});
beforeEach(() => {
  rig.answer = () => ({});
});
afterAll(() => rig.stop());

const create = (no = unique(), changes = {}): Promise<Answer> =>
  merchant.post('/v1/orders', orderBody(no, changes), `key-${no}`);
const pay = (order: Answer, key = unique(), by = wallet): Promise<Answer> =>
  by.post('/v1/payments', { qrPayload: textOf(order, 'qrPayload'), cardToken }, key);
const read = (order: Answer, query = ''): Promise<Answer> =>
  merchant.get(`/v1/orders/${textOf(order, 'orderId')}${query}`);

describe('an order', () => {
  it('is created, paid and found again by its id and by its number', async () => {
    const order = await create('round-trip');
    expect([order.status, order.body]).toEqual([
      201,
      expect.objectContaining({
        merchantOrderNo: 'round-trip',
        amountMinor: 12_888,
        currency: 'CNY',
        status: 'created',
        payment: null,
      }),
    ]);
    const payment = await pay(order);
    expect([payment.status, payment.body]).toEqual([
      200,
      expect.objectContaining({
        orderId: order.body['orderId'],
        status: 'approved',
        responseCode: '00',
        authCode: '123456',
        acquirerId: '48020000',
      }),
    ]);
    const paid = await read(order);
    expect(paid.body).toMatchObject({
      status: 'paid',
      payment: { operationId: payment.body['operationId'], status: 'approved' },
    });
    expect((await merchant.get('/v1/orders?merchantOrderNo=round-trip')).body).toEqual(paid.body);
    const seenByMerchant = await merchant.get(`/v1/payments/${textOf(payment, 'operationId')}`);
    expect(seenByMerchant.body).toEqual(payment.body);
    expect((await wallet.get(`/v1/payments/${textOf(payment, 'operationId')}`)).body).toEqual(payment.body);
  });

  it('is asked for from the switch as it was ordered', async () => {
    const order = await create('as-ordered', { amountMinor: 5_000_000_000, terminalId: 'Z9999999' });
    await pay(order);
    expect(rig.published.filter(({ merchantOrderNo }) => merchantOrderNo === 'as-ordered')).toEqual([
      expect.objectContaining({
        ...{
          kind: 'sale',
          merchantId,
          terminalId: 'Z9999999',
          amountMinor: 5_000_000_000n,
          currency: 'CNY',
          cardToken,
        },
        ...{ presentment: 'merchant', upstreamId: 'qr-payment' },
      }),
    ]);
  });

  it('is waited for until it ends', async () => {
    const order = await create();
    const waiting = read(order, '?waitSeconds=10');
    await pay(order);
    expect((await waiting).body).toMatchObject({ status: 'paid' });
  });

  it('is answered as it stands when the wait is over', async () =>
    expect((await read(await create(), '?waitSeconds=1')).body).toMatchObject({ status: 'created' }));

  it('expires, and cannot be paid then', async () => {
    const order = await create(unique(), { expiresInSeconds: 10 });
    await rig.sql(`update merchant_order set expires_at = now() where order_id = '${textOf(order, 'orderId')}'`);
    expect((await read(order)).body).toMatchObject({ status: 'expired' });
    expect(await pay(order)).toMatchObject({ status: 409, body: { code: 'order_expired' } });
  });

  it('is closed once and for all', async () => {
    const order = await create();
    const close = () => merchant.post(`/v1/orders/${textOf(order, 'orderId')}/close`, undefined);
    expect(await close()).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect(await close()).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect(await pay(order)).toMatchObject({ status: 409, body: { code: 'order_closed' } });
  });

  it('cannot be closed while it is paid, nor after', async () => {
    rig.answer = () => null;
    const order = await create();
    const paying = pay(order);
    await eventually(async () => expect((await read(order)).body).toMatchObject({ status: 'paying' }));
    const close = () => merchant.post(`/v1/orders/${textOf(order, 'orderId')}/close`, undefined);
    expect(await close()).toMatchObject({ status: 409, body: { code: 'order_paying' } });
    rig.answer = () => ({});
    expect((await paying).body).toMatchObject({ status: 'approved' });
    expect(await close()).toMatchObject({ status: 409, body: { code: 'order_paid' } });
  });

  it("is nobody else's to see, to find or to close", async () => {
    const other = await rig.merchant('812345678900002');
    const order = await create();
    const path = `/v1/orders/${textOf(order, 'orderId')}`;
    const answers = [
      await other.get(path),
      await other.get(`/v1/orders?merchantOrderNo=${textOf(order, 'merchantOrderNo')}`),
      await other.post(`${path}/close`, undefined),
      await merchant.get('/v1/orders/019ab0c1-d2e3-7f45-8a67-89abcdef0123'),
      await merchant.get('/v1/orders/nonsense'),
    ];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
      answers.map(() => [404, 'order_not_found']),
    );
    const payment = await pay(order);
    const foreign = [other, rig.client('wallet:stranger')];
    for (const client of foreign)
      expect(await client.get(`/v1/payments/${textOf(payment, 'operationId')}`)).toMatchObject({ status: 404 });
  });
});

describe('the same order again', () => {
  it('gets the same answer under the same key, and says so', async () => {
    const no = unique();
    const first = await create(no);
    const again = await create(no);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  });

  it('is the same order under another key', async () => {
    const no = unique();
    const first = await create(no);
    const again = await merchant.post('/v1/orders', orderBody(no), unique());
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('is one order for fifty callers at once', async () => {
    const no = unique();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(no)));
    expect(new Set(answers.map(({ body }) => body['orderId'])).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(await rig.sql(`select count(*) from merchant_order where merchant_order_no = '${no}'`)).toEqual([['1']]);
  });

  it('is refused with other fields, under the same key or the same number, and names the order there is', async () => {
    const no = unique();
    const first = await create(no);
    const otherFields = await create(no, { amountMinor: 1 });
    const otherKey = await merchant.post('/v1/orders', orderBody(no, { amountMinor: 1 }), unique());
    const otherNumber = await merchant.post('/v1/orders', orderBody(unique()), `key-${no}`);
    expect([otherFields, otherKey, otherNumber].map(({ status, body }) => [status, body['code']])).toEqual([
      [422, 'idempotency_conflict'],
      [422, 'merchant_order_conflict'],
      [422, 'idempotency_conflict'],
    ]);
    for (const { body } of [otherFields, otherKey, otherNumber])
      expect(body['detail']).toContain(first.body['orderId']);
    expect((await read(first)).body).toEqual(first.body);
  });

  it('is refused to all but one of fifty callers with other fields each', async () => {
    const no = unique();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => create(no, { amountMinor: 1 + i })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(49).fill(422)]);
  });

  it("is another merchant's own", async () => {
    const other = await rig.merchant('812345678900003');
    const no = unique();
    const [mine, theirs] = [await create(no), await other.post('/v1/orders', orderBody(no), `key-${no}`)];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(mine.body['orderId']).not.toBe(theirs.body['orderId']);
  });
});

describe('a payment', () => {
  it('is made once for fifty callers with the same key', async () => {
    const order = await create();
    const key = unique();
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay(order, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body['operationId'])).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  });

  it('is made for one of twenty payers at once', async () => {
    const order = await create();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(order)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = new Set(
      answers.filter(({ status }) => status !== 200).map(({ status, body }) => `${status} ${String(body['code'])}`),
    );
    expect([...codes].every((code) => ['409 order_paying', '409 order_paid'].includes(code))).toBe(true);
    expect(await rig.sql(`select count(*) from payment where order_id = '${textOf(order, 'orderId')}'`)).toEqual([
      ['1'],
    ]);
  });

  it('is refused under a used key with another body', async () => {
    const key = unique();
    const first = await pay(await create(), key);
    const other = await pay(await create(), key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    expect(other.body['detail']).toContain(first.body['operationId']);
  });

  it('that was approved is the last one', async () => {
    const order = await create();
    await pay(order);
    expect(await pay(order)).toMatchObject({ status: 409, body: { code: 'order_paid' } });
  });

  it.each<[string, Partial<Outcome>]>([
    ['declined', { status: 'declined', responseCode: '51', authCode: '' }],
    ['reversed', { status: 'reversed', responseCode: 'no_answer', authCode: '' }],
    ['expired', { status: 'expired', responseCode: 'expired', authCode: '' }],
  ])('that was %s may be followed by another', async (status, outcome) => {
    const order = await create();
    rig.answer = () => outcome;
    const first = await pay(order);
    expect(first).toMatchObject({ status: 200, body: { status, responseCode: outcome.responseCode } });
    expect((await read(order)).body).toMatchObject({ status: 'created', payment: { status } });
    rig.answer = () => ({});
    expect((await pay(order)).body).toMatchObject({ status: 'approved' });
  });

  it('that was refused says why, and the order stays free', async () => {
    const order = await create();
    rig.answer = () => ({ refusedAs: 'unknown_merchant' });
    expect((await pay(order)).body).toMatchObject({ status: 'refused', responseCode: 'unknown_merchant' });
    expect((await read(order)).body).toMatchObject({ status: 'created' });
  });

  it('fails its order when it was tried five times', async () => {
    const order = await create();
    rig.answer = () => ({ status: 'declined', responseCode: '51' });
    for (let tries = 1; tries <= 5; tries++) await pay(order);
    expect((await read(order)).body).toMatchObject({ status: 'failed' });
    expect(await pay(order)).toMatchObject({ status: 409, body: { code: 'order_failed' } });
  });

  it('that does not end in time is pending, is asked for again by the same id, and ends later', async () => {
    const before = rig.published.length;
    rig.answer = () => null;
    const impatient = await rig.run({ FOURWAY_CALLER_WAIT_MS: '300', FOURWAY_REPLICA: '1' });
    const { service } = rig;
    rig.service = impatient;
    const order = await create();
    const key = unique();
    const pending = await pay(order, key);
    expect([pending.status, pending.body['status']]).toEqual([202, 'pending']);
    expect(pending.headers.get('location')).toBe(`/v1/payments/${textOf(pending, 'operationId')}`);
    await eventually(() => expect(rig.published.length).toBeGreaterThan(before + 1));
    expect(new Set(rig.published.slice(before).map(({ operationId }) => operationId)).size).toBe(1);
    rig.answer = () => ({});
    await eventually(async () =>
      expect(await pay(order, key)).toMatchObject({ status: 200, body: { status: 'approved' } }),
    );
    rig.service = service;
    impatient.child.kill('SIGTERM');
    expect(await rig.sql('select count(*) from outbox')).toEqual([['0']]);
  });

  it('is not moved by outcomes of others, by cut marks of no operation or by a second outcome', async () => {
    const order = await create();
    const payment = await pay(order);
    const request = rig.published.find(({ operationId }) => operationId === payment.body['operationId']);
    if (request === undefined) throw new Error('not published');
    const foreign = {
      operationId: '019ab0c1-d2e3-7f45-8a67-89abcdef0123',
      rootId: '019ab0c1-d2e3-7f45-8a67-89abcdef0123',
    };
    await rig.produce(
      topics.outcomes.name,
      encodeOutcome(outcomeOf(request, { ...foreign, status: 'declined' })),
      merchantId,
    );
    await rig.produce(topics.outcomes.name, encodeOutcome(outcomeOf(request, { status: 'declined' })), merchantId);
    const another = await create();
    await pay(another);
    expect((await read(order)).body).toMatchObject({ status: 'paid', payment: { status: 'approved' } });
  });
});

describe('replicas', () => {
  it('wake callers of each other', async () => {
    const second = await rig.run({ FOURWAY_REPLICA: '1' });
    const { service } = rig;
    const order = await create();
    rig.service = second;
    const waiting = read(order, '?waitSeconds=10');
    rig.service = service;
    await pay(order);
    expect((await waiting).body).toMatchObject({ status: 'paid' });
    second.child.kill('SIGTERM');
  });

  it('answers who waits when it stops, rather than drop them, and exits 0', async () => {
    rig.answer = () => null;
    const { service } = rig;
    const stopping = await rig.run({ FOURWAY_REPLICA: '2' });
    rig.service = stopping;
    const order = await create();
    const [payment, waiting] = [pay(order), read(order, '?waitSeconds=10')];
    await eventually(async () => expect((await read(order)).body).toMatchObject({ status: 'paying' }));
    const exited = new Promise((resolve) => stopping.child.once('exit', resolve));
    stopping.child.kill('SIGTERM');
    expect((await payment).status).toBe(202);
    expect((await waiting).body).toMatchObject({ status: 'paying' });
    expect(await exited).toBe(0);
    rig.service = service;
    rig.answer = () => ({});
    await eventually(async () => expect((await read(order)).body).toMatchObject({ status: 'paid' }));
  });
});

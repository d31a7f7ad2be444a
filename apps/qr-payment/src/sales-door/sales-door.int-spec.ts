import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { orderBody, PaymentRig, textOf } from '../testing/payment-rig.ts';
import type { Answer, SignedClient } from '../testing/signed-client.ts';

const rig = new PaymentRig();
const merchantId = '812345678900021';
const cardToken = '6200000000000001';
let merchant: SignedClient;
let number = 0;

beforeAll(async () => {
  await rig.start('qr_payment_door');
  merchant = await rig.merchant(merchantId);
});
afterAll(() => rig.stop());

async function ordered(): Promise<Answer> {
  const no = `door-${process.pid}-${++number}`;
  const answer = await merchant.post('/v1/orders', orderBody(no), no);
  if (answer.status !== 201) throw new Error(`no order: ${JSON.stringify(answer.body)}`);
  return answer;
}
const pay = (order: Answer, key: string, wallet = 'city-pay'): Promise<Answer> =>
  rig.client(`wallet:${wallet}`).post('/v1/payments', { qrPayload: textOf(order, 'qrPayload'), cardToken }, key);
const storedPayments = async (): Promise<string> => (await rig.sql('select count(*) from payment'))[0]?.[0] ?? '';

it('a principal over its quota gets 429 with Retry-After and nothing stored, the others and repeated requests are served', async () => {
  const orders = await Promise.all(Array.from({ length: 4 }, ordered));
  const [first, second, third, other] = orders;
  if (first === undefined || second === undefined || third === undefined || other === undefined)
    throw new Error('orders');
  const unlimited = rig.service;
  // One a second: within the time of three requests there is one token, or two on a slow machine.
  rig.service = await rig.run({ FOURWAY_PRINCIPAL_QUOTAS: '{"wallet:city-pay":1}' });
  const paid = await pay(first, 'door-key-1');
  expect(paid).toMatchObject({ status: 200, body: { status: 'approved' } });
  const burst = await Promise.all(Array.from({ length: 6 }, (_, at) => pay(second, `door-burst-${at}`)));
  const refused = burst.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(4);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(refused[0]?.headers.get('content-type')).toBe('application/problem+json');
  expect(refused[0]?.body).toMatchObject({
    code: 'quota_exceeded',
    detail: expect.stringContaining('Idempotency-Key'),
  });
  // Asked for again it is answered, whatever the quota; so is another wallet.
  const again = await Promise.all(Array.from({ length: 3 }, () => pay(first, 'door-key-1')));
  expect(again.map(({ status, body }) => [status, body['operationId']])).toEqual(
    again.map(() => [200, paid.body['operationId']]),
  );
  expect(await pay(other, 'door-other', 'metro')).toMatchObject({ status: 200 });

  const before = await storedPayments();
  const [sixth, seventh] = await Promise.all([pay(third, 'door-late'), pay(third, 'door-late-2')]);
  const turnedAway = [sixth, seventh].filter(({ status }) => status === 429).length;
  expect(turnedAway).toBeGreaterThanOrEqual(1);
  expect(Number(await storedPayments())).toBe(Number(before) + (2 - turnedAway));
  rig.service = unlimited;
});

it('an overloaded switch gets no new payment: 503 with Retry-After and nothing stored; what is there is answered', async () => {
  const first = await ordered();
  const paid = await pay(first, 'busy-key-1');
  expect(paid.status).toBe(200);
  const usual = rig.service;
  // The rest of the switch is the test, which commits nothing: what is requested stays undone.
  rig.service = await rig.run({ FOURWAY_SHED_AFTER_MS: '3000' });
  const { order, key, answer } = await eventually(
    async () => {
      const tried = await ordered();
      const triedKey = `busy-${textOf(tried, 'orderId')}`;
      const refused = await pay(tried, triedKey, 'metro');
      expect(refused.status).toBe(503);
      return { order: tried, key: triedKey, answer: refused };
    },
    { withinMs: 20_000, everyMs: 500 },
  );
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(answer.body).toMatchObject({ code: 'overloaded', detail: expect.stringContaining('nothing was charged') });
  const before = await storedPayments();
  expect((await pay(order, key, 'metro')).status).toBe(503);
  expect(await storedPayments()).toBe(before);
  expect((await pay(first, 'busy-key-1')).body).toEqual(paid.body);
  rig.service = usual;
  // Turned away, not refused: by the same key it is paid as soon as there is room.
  expect(await pay(order, key, 'metro')).toMatchObject({ status: 200, body: { status: 'approved' } });
});

it('a payment whose record is refused for load stays pending, is sent again and decided', async () => {
  const order = await ordered();
  let answers = 0;
  rig.answer = () => (++answers === 1 ? { refusedAs: 'overloaded' } : { status: 'approved' });
  expect(await pay(order, 'shed-key-1')).toMatchObject({ status: 200, body: { status: 'approved' } });
  const operationIds = rig.published.map(({ operationId }) => operationId).slice(-2);
  expect(new Set(operationIds).size).toBe(1);
});

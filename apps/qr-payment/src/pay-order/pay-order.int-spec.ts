import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { deriveApiKey } from '@fourway/platform-signing';
import { Breakpoint } from '../breakpoint.ts';
import { OrderRepository } from '../order/order.repository.ts';
import { masterKey, orderBody, PaymentRig, textOf } from '../testing/payment-rig.ts';
import type { Answer, SignedClient } from '../testing/signed-client.ts';
import { WaitingCallers } from '../wait/waiting-callers.ts';
import { PayOrder, type PayOrderCommand } from './pay-order.handler.ts';
import { PayOrderRepository } from './pay-order.repository.ts';

const rig = new PaymentRig();
const wallet = 'city-pay';
const cardToken = '6200000000000001';
let merchant: SignedClient;
let database: Database;
let order: Answer;
let number = 0;

beforeAll(async () => {
  await rig.start('qr_payment_pay_order');
  merchant = await rig.merchant('812345678900031');
  database = new Database({ url: rig.databaseUrl, applicationName: 'pay-order-spec', maxConnections: 2 });
});
beforeEach(async () => {
  const no = `pay-order-${process.pid}-${++number}`;
  order = await merchant.post('/v1/orders', orderBody(no), no);
});
afterAll(async () => {
  await database.close();
  await rig.stop();
});

/** Another replica: it looks for the key, then something happens, then it looks for the order. */
function replica(between: () => Promise<unknown>): PayOrder {
  const orders = new OrderRepository(database);
  return new PayOrder({
    repository: new PayOrderRepository(database, { resendAfterMs: 500 }),
    orders: {
      order: async (orderId) => {
        await between();
        return orders.order(orderId);
      },
      payment: (operationId) => orders.payment(operationId),
    },
    ...{ outbox: { publish: () => undefined }, onMade: () => undefined, door: { passPayment: () => undefined } },
    ...{ callers: new WaitingCallers(new AbortController().signal), breakpoint: new Breakpoint(null) },
    ...{ clock: systemClock, hashKey: deriveApiKey(masterKey, 'internal:payment-hash', 1), callerWaitMs: 10_000 },
  });
}
const payElsewhere = (key: string): Promise<Answer> =>
  rig.client(`wallet:${wallet}`).post('/v1/payments', { qrPayload: textOf(order, 'qrPayload'), cardToken }, key);
const command = (idempotencyKey: string): PayOrderCommand => ({
  ...{ wallet, idempotencyKey, cardToken, requestedAtMs: null },
  ...{ qrPayload: textOf(order, 'qrPayload'), orderId: textOf(order, 'orderId') },
});

describe('a payment whose order is taken between the look for its key and the look for its order', () => {
  it('is answered as the one payment there is, where the same request took it', async () => {
    const key = `same-${process.pid}`;
    const elsewhere: Answer[] = [];
    const paid = await replica(async () => elsewhere.push(await payElsewhere(key))).handle(command(key));
    expect(paid).toMatchObject({ isReplay: true, payment: { status: 'approved' } });
    expect(elsewhere.map(({ status, body }) => [status, body['operationId']])).toEqual([
      [200, paid.payment.operationId],
    ]);
  });

  it('is refused, where another payer took it', async () => {
    const paying = replica(() => payElsewhere(`theirs-${process.pid}`)).handle(command(`mine-${process.pid}`));
    await expect(paying).rejects.toMatchObject({ status: 409, code: 'order_paid' });
    expect(await rig.sql(`select count(*) from payment where order_id = '${textOf(order, 'orderId')}'`)).toEqual([
      ['1'],
    ]);
  });

  it('is refused, where the merchant closed it', async () => {
    const close = (): Promise<Answer> => merchant.post(`/v1/orders/${textOf(order, 'orderId')}/close`, undefined);
    const paying = replica(close).handle(command(`late-${process.pid}`));
    await expect(paying).rejects.toMatchObject({ status: 409, code: 'order_closed' });
  });
});

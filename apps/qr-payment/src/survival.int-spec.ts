import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { orderBody, PaymentRig, textOf } from './testing/payment-rig.ts';
import type { Answer, SignedClient } from './testing/signed-client.ts';

const rig = new PaymentRig();
const wallet = rig.client('wallet:city-pay');
const cardToken = '6200000000000001';
let merchant: SignedClient;
let number = 0;

beforeAll(async () => {
  await rig.start('qr_payment_survival');
  merchant = await rig.merchant('812345678900021');
});
beforeEach(() => {
  rig.answer = () => ({});
});
afterAll(() => rig.stop());

const create = (): Promise<Answer> => {
  const no = `survival-${process.pid}-${++number}`;
  return merchant.post('/v1/orders', orderBody(no), no);
};
const pay = (order: Answer): Promise<Answer> =>
  wallet.post('/v1/payments', { qrPayload: textOf(order, 'qrPayload'), cardToken }, `pay-${textOf(order, 'orderId')}`);

/** A new process; the one before stops as asked, if it still runs. */
async function restart(environment: Record<string, string> = {}): Promise<void> {
  const { child } = rig.service;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }
  rig.service = await rig.run(environment);
}

describe('a killed process', () => {
  it('loses no payment between commit and publish: the next one publishes it, once decided it is answered', async () => {
    await restart({ FOURWAY_BREAKPOINT: 'after-commit' });
    const order = await create();
    const published = rig.published.length;
    const { child } = rig.service;
    const exited = once(child, 'exit');
    await expect(pay(order)).rejects.toThrow();
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(await rig.sql('select count(*) from outbox')).toEqual([['1']]);
    expect(rig.published.length).toBe(published);

    await restart();
    const payment = await pay(order);
    expect(payment).toMatchObject({ status: 200, body: { status: 'approved' } });
    const ids = new Set(rig.published.slice(published).map(({ operationId }) => operationId));
    expect([...ids]).toEqual([payment.body['operationId']]);
    await eventually(async () => expect(await rig.sql('select count(*) from outbox')).toEqual([['0']]));
  });

  it('does not stop at a breakpoint in production', async () => {
    await restart({ FOURWAY_BREAKPOINT: 'after-commit', NODE_ENV: 'production' });
    expect(await pay(await create())).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it('at any moment loses no order it acknowledged and no payment it made', async () => {
    await restart();
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) {
      const load = Array.from({ length: 40 }, async () => {
        const order = await create();
        if (order.status === 201) acknowledged.push(textOf(order, 'orderId'));
        await pay(order);
      });
      await eventually(() => expect(acknowledged.length).toBeGreaterThan(40 * round + 10));
      const { child } = rig.service;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await Promise.allSettled([exited, ...load]);
      await restart();
    }
    const stored = await rig.sql('select order_id from merchant_order');
    const ids = new Set(stored.map(([orderId]) => orderId));
    expect(acknowledged.filter((orderId) => !ids.has(orderId))).toEqual([]);
    await eventually(
      async () => expect(await rig.sql(`select count(*) from payment where status = 'pending'`)).toEqual([['0']]),
      { withinMs: 30_000 },
    );
    expect(await rig.sql(`select count(*) from merchant_order where status = 'paying'`)).toEqual([['0']]);
  });
});

describe('Redis', () => {
  const flush = async (): Promise<void> => {
    const url = new URL(rig.redisUrl);
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    socket.write(`SELECT ${url.pathname.slice(1)}\r\nFLUSHDB\r\n`);
    await once(socket, 'data');
    socket.destroy();
  };

  it('emptied under load changes no answer, and is filled again', async () => {
    await restart();
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        if (i % 20 === 0) await flush();
        return pay(await create());
      }),
    );
    expect(answers.map(({ status, body }) => [status, body['status']])).toEqual(answers.map(() => [200, 'approved']));
    await flush();
    const other = await rig.merchant('812345678900022');
    expect((await other.post('/v1/orders', orderBody('after-flush'), 'after-flush')).status).toBe(201);
  });

  it('out of reach changes no answer', async () => {
    await restart({ FOURWAY_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await pay(await create())).toMatchObject({ status: 200, body: { status: 'approved' } });
  });
});

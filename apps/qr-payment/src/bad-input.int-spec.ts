import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderBody, PaymentRig, textOf } from './testing/payment-rig.ts';
import type { Answer, Call, SignedClient } from './testing/signed-client.ts';

const rig = new PaymentRig();
const wallet = rig.client('wallet:city-pay');
let merchant: SignedClient;
let order: Answer;

beforeAll(async () => {
  await rig.start('qr_payment_input');
  merchant = await rig.merchant('812345678900011');
  order = await merchant.post('/v1/orders', orderBody('bad-input'), 'bad-input');
});
afterAll(() => rig.stop());

interface Fault {
  readonly pointer: string;
  readonly code: string;
}

const faultsOf = ({ body }: Answer): string[] =>
  ((body['errors'] ?? []) as Fault[]).map(({ pointer, code }) => `${pointer} ${code}`);
const verdict = (answer: Answer): unknown[] => [answer.status, answer.body['code'], ...faultsOf(answer)];

describe('a bad order', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['an amount of nothing', { amountMinor: 0 }, ['/amountMinor amount_not_positive']],
    ['an amount over the limit', { amountMinor: 5_000_000_001 }, ['/amountMinor amount_over_limit']],
    ['a fraction', { amountMinor: 1.5 }, ['/amountMinor wrong_type']],
    ['an amount as text', { amountMinor: '1' }, ['/amountMinor wrong_type']],
    ['another currency', { currency: 'USD' }, ['/currency currency_unknown']],
    ['a terminal in small letters', { terminalId: 't0000001' }, ['/terminalId terminal_id_malformed']],
    ['a number with a blank', { merchantOrderNo: 'a b' }, ['/merchantOrderNo merchant_order_no_malformed']],
    ['an empty number', { merchantOrderNo: '' }, ['/merchantOrderNo missing_field']],
    ['nine seconds', { expiresInSeconds: 9 }, ['/expiresInSeconds too_small']],
    ['more than two hours', { expiresInSeconds: 7_201 }, ['/expiresInSeconds too_big']],
    ['a control character', { description: 'a\u0000b' }, ['/description wrong_format']],
    ['an unknown field', { tip: 1 }, ['/tip unknown_field']],
    ['nothing it needs', { amountMinor: undefined }, ['/amountMinor required']],
    [
      'several at once',
      { amountMinor: 0, terminalId: '' },
      ['/amountMinor amount_not_positive', '/terminalId missing_field'],
    ],
  ])('with %s is told where and why', async (_, changes, faults) => {
    const answer = await merchant.post('/v1/orders', orderBody('x', changes), 'x');
    expect(verdict(answer)).toEqual([422, 'invalid_fields', ...faults]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('a bad payment', () => {
  const body = (): Record<string, unknown> => ({
    qrPayload: textOf(order, 'qrPayload'),
    cardToken: '6200000000000001',
  });
  it.each<[string, Record<string, unknown>, unknown[]]>([
    [
      'a card number of 15 digits',
      { cardToken: '620000000000000' },
      [422, 'invalid_fields', '/cardToken card_token_malformed'],
    ],
    [
      'a time ahead',
      { requestedAt: '2999-01-01T00:00:00Z' },
      [422, 'invalid_fields', '/requestedAt requested_at_out_of_range'],
    ],
    ['no time', { requestedAt: 'now' }, [422, 'invalid_fields', '/requestedAt wrong_format']],
    ['no code', { qrPayload: '' }, [422, 'invalid_fields', '/qrPayload too_small']],
    ['a link', { qrPayload: 'https://qr.95516.com/1' }, [422, 'qr_code_refused', '/qrPayload checksum_missing']],
  ])('with %s is told where and why', async (_, changes, expected) =>
    expect(verdict(await wallet.post('/v1/payments', { ...body(), ...changes }, 'x'))).toEqual(expected),
  );

  it('with a damaged code is told to scan again', async () => {
    const damaged = textOf(order, 'qrPayload').replace('128.88', '128.89');
    expect(verdict(await wallet.post('/v1/payments', { ...body(), qrPayload: damaged }, 'x'))).toEqual([
      ...[422, 'qr_code_refused', '/qrPayload checksum_wrong'],
    ]);
  });
});

describe('a request that is not what it should be', () => {
  const path = '/v1/orders';
  it.each<[string, () => Promise<Answer>, unknown[]]>([
    [
      'no JSON',
      () => merchant.send({ method: 'POST', path, body: Buffer.from('{"a":'), idempotencyKey: 'x' }),
      [400, 'malformed_json'],
    ],
    [
      'no UTF-8',
      () => merchant.send({ method: 'POST', path, body: Buffer.from('ff', 'hex'), idempotencyKey: 'x' }),
      [400, 'malformed_json'],
    ],
    ['no Idempotency-Key', () => merchant.post(path, orderBody('x')), [400, 'idempotency_key_missing']],
    [
      'an Idempotency-Key with a blank',
      () => merchant.post(path, orderBody('x'), 'a b'),
      [400, 'idempotency_key_malformed'],
    ],
    [
      '65 characters of it',
      () => merchant.post(path, orderBody('x'), 'x'.repeat(65)),
      [400, 'idempotency_key_malformed'],
    ],
    [
      'another media type',
      () =>
        merchant.send({
          method: 'POST',
          path,
          body: orderBody('x'),
          idempotencyKey: 'x',
          headers: { 'content-type': 'text/plain' },
        }),
      [415, 'unsupported_media_type'],
    ],
    ['a body of 70 kB', () => merchant.post(path, { description: 'x'.repeat(70_000) }, 'x'), [413, 'body_too_large']],
    [
      'a wait of eleven seconds',
      () => merchant.get('/v1/orders?merchantOrderNo=x&waitSeconds=11'),
      [422, 'invalid_fields', '/waitSeconds too_big'],
    ],
    ['no number to look for', () => merchant.get('/v1/orders'), [422, 'invalid_fields', '/merchantOrderNo required']],
    ['another path', () => merchant.get('/v1/nothing'), [404, 'not_found']],
  ])('%s', async (_, send, expected) => expect(verdict(await send())).toEqual(expected));
});

describe('a caller', () => {
  const order = (client: SignedClient, headers: Record<string, string> = {}): Promise<Answer> =>
    client.send({ method: 'POST', path: '/v1/orders', body: orderBody('auth'), idempotencyKey: 'auth', headers });

  it.each<[string, () => Promise<Answer>, unknown[]]>([
    ['without a signature', () => order(merchant, { 'fourway-signature': '' }), [401, 'signature_wrong']],
    [
      'with another body than signed',
      () => order(merchant, { 'fourway-signature': '0'.repeat(64) }),
      [401, 'signature_wrong'],
    ],
    ['of yesterday', () => order(merchant, { 'fourway-timestamp': '1600000000000' }), [401, 'timestamp_out_of_range']],
    ['nobody knows', () => order(rig.client('merchant:999999999999999')), [401, 'unknown_principal']],
    ['whose id is none', () => order(rig.client('merchant:x')), [401, 'unknown_principal']],
    ['with a key of the future', () => order(rig.client('merchant:812345678900011', 2)), [401, 'key_not_current']],
    ['who is no merchant', () => order(wallet), [403, 'wrong_principal']],
    [
      'with a second key of a wallet',
      () => rig.client('wallet:city-pay', 2).get('/v1/payments/x'),
      [401, 'key_not_current'],
    ],
    ['who is a merchant and pays', () => merchant.post('/v1/payments', {}, 'x'), [403, 'wrong_principal']],
  ])('%s is not let in', async (_, send, expected) => expect(verdict(await send())).toEqual(expected));

  it('is let in with the newest key only, from the moment there is one', async () => {
    const first = await rig.merchant('812345678900012');
    expect((await order(first)).status).toBe(201);
    const second = await rig.merchant('812345678900012', { apiKeyVersion: 2 });
    expect((await order(second)).status).toBe(201);
    expect(verdict(await order(first))).toEqual([401, 'key_not_current']);
  });

  it('that was suspended is not let in', async () => {
    const suspended = await rig.merchant('812345678900013', { status: 'suspended' });
    expect(verdict(await order(suspended))).toEqual([403, 'merchant_suspended']);
  });
});

it('publishes its API without a signature', async () => {
  const response = await fetch(`${rig.service.url}/openapi/qr-payment.json`);
  const document = (await response.json()) as {
    openapi: string;
    paths: object;
    components: { schemas: Record<string, object> };
  };
  expect([response.status, document.openapi]).toEqual([200, '3.1.0']);
  expect(Object.keys(document.paths)).toHaveLength(5);
  expect(document.components.schemas['NewOrder']).toMatchObject({
    properties: { amountMinor: { type: 'integer', minimum: 1, maximum: 5_000_000_000 } },
    required: ['merchantOrderNo', 'amountMinor', 'currency', 'terminalId'],
    additionalProperties: false,
  });
});

describe('no garbage gets a 500, and what is refused leaves nothing behind:', () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        merchantOrderNo: fc.oneof(fc.string(), fc.jsonValue()),
        amountMinor: fc.oneof(fc.double(), fc.integer(), fc.jsonValue()),
        currency: fc.oneof(fc.constant('CNY'), fc.string()),
        terminalId: fc.oneof(fc.constant('T0000001'), fc.string({ unit: 'binary' })),
        expiresInSeconds: fc.oneof(fc.integer(), fc.jsonValue()),
        description: fc.string({ unit: 'binary' }),
        qrPayload: fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^000201\d*$/)),
        cardToken: fc.oneof(fc.constant('6200000000000001'), fc.string()),
        requestedAt: fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toJSON()),
          fc.string(),
        ),
      },
      { requiredKeys: [] },
    ),
  );
  const bytes = fc.oneof(
    json.map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.constantFrom('{"__proto__":{}}', '[]', 'null', '""', '{"amountMinor":1e999}').map((text) => Buffer.from(text)),
  );
  const pathPart = fc
    .oneof(fc.string(), fc.uuid(), fc.constant('%00'), fc.constant('..'))
    .map((text) => encodeURIComponent(text));
  const key = fc.stringMatching(/^[!-~]{1,64}$/);

  const never500 = async (calls: fc.Arbitrary<Call>, client: () => Pick<SignedClient, 'send'>): Promise<void> => {
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        const answer = await client().send(call);
        expect([call, answer.status, answer.body]).toEqual([call, expect.any(Number), answer.body]);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400)
          expect(answer.body).toMatchObject({ status: answer.status, code: expect.any(String) });
      }),
      { numRuns: 300 },
    );
  };

  it('creating', async () => {
    const before = await rig.sql('select count(*) from merchant_order');
    let created = 0;
    const calls = fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/v1/orders'),
      body: bytes,
      idempotencyKey: key,
    });
    const send = async (call: Call): Promise<Answer> => {
      const answer = await merchant.send(call);
      if (answer.status === 201 && answer.headers.get('idempotent-replayed') === null) created++;
      return answer;
    };
    await never500(calls, () => ({ send }));
    expect(await rig.sql('select count(*) from merchant_order')).toEqual([[String(Number(before[0]?.[0]) + created)]]);
  });
  it('paying', async () => {
    await never500(
      fc.record({ method: fc.constant('POST'), path: fc.constant('/v1/payments'), body: bytes, idempotencyKey: key }),
      () => wallet,
    );
    expect(await rig.sql('select count(*) from payment')).toEqual([['0']]);
  });
  it('closing', () =>
    never500(
      fc.record({ method: fc.constant('POST'), path: pathPart.map((id) => `/v1/orders/${id}/close`), body: bytes }),
      () => merchant,
    ));
  it('reading', async () => {
    const query = fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map((text) => `?${text}`),
      fc.constant('?waitSeconds=x'),
      fc.constant('?merchantOrderNo=%00'),
    );
    const paths = fc.tuple(fc.constantFrom('/v1/orders', '/v1/orders/', '/v1/payments/'), pathPart, query);
    await never500(
      fc.record({ method: fc.constant('GET'), path: paths.map((parts) => parts.join('')) }),
      () => merchant,
    );
  });
  it('with any headers', async () => {
    const text = fc.stringMatching(/^[!-~]{0,80}$/);
    const headers = fc.record(
      { 'fourway-key': text, 'fourway-timestamp': text, 'fourway-signature': text },
      { requiredKeys: [] },
    );
    await never500(
      fc.record({ method: fc.constantFrom('GET', 'POST', 'PUT'), path: fc.constant('/v1/orders'), headers }),
      () => merchant,
    );
  });
});

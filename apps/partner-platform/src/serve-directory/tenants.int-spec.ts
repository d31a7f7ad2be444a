import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleDirectory } from '../testing/directory.fixture.ts';
import { partnerRig, type PartnerRig, type PartnerService } from '../testing/partner-service.fixture.ts';

const sample = sampleDirectory();
const provider = `provider:${sample.provider.providerId}.1`;
const stranger = `provider:${sample.other.providerId}.1`;
const merchant = sample.merchant();
const { merchantId } = merchant;
const store = { storeId: `S${merchantId.slice(1)}`, merchantId, name: '天河店', region: '440106' };
const terminal = { terminalId: 'T0000001', merchantId, storeId: store.storeId };
const plateId = `P${merchantId.slice(1, 12)}`;
let rig: PartnerRig;
let service: PartnerService;

beforeAll(async () => {
  rig = await partnerRig('tenants');
  service = await rig.start();
  await service.import(sample.ground);
  for (const [path, body] of Object.entries({
    merchants: merchant,
    stores: store,
    terminals: terminal,
    plates: { plateId },
  }))
    expect(await service.post(`/v1/${path}`, body, { as: provider })).toMatchObject({ status: 201 });
});

afterAll(() => rig.close());

describe('a provider', () => {
  const paths = [
    `/v1/providers/${sample.provider.providerId}`,
    `/v1/merchants/${merchantId}`,
    `/v1/stores/${store.storeId}`,
    `/v1/terminals/${merchantId}-${terminal.terminalId}`,
    `/v1/plates/${plateId}`,
    `/v1/fee-contracts/${sample.feeContract.feeContractId}`,
  ];

  it.each(paths)("sees its own %s, and another's is not there", async (path) => {
    expect(await service.send({ path, as: provider })).toMatchObject({ status: 200 });
    expect(await service.send({ path, as: stranger })).toMatchObject({ status: 404 });
  });

  it.each(['providers', 'merchants', 'stores', 'terminals', 'plates', 'fee-contracts'])(
    'lists only its own %s',
    async (list) => {
      const own = await service.send({ path: `/v1/${list}`, as: provider });
      expect(own).toMatchObject({ status: 200, body: { data: [{}], hasMore: false, nextCursor: null } });
      const others = await service.send({ path: `/v1/${list}`, as: stranger });
      expect(others.body['data']).toEqual(list === 'providers' ? [expect.objectContaining(sample.other)] : []);
    },
  );

  it('changes nothing of another', async () => {
    const change = { method: 'PATCH', body: { name: '别的', version: 1 }, as: stranger };
    expect(await service.send({ ...change, path: `/v1/merchants/${merchantId}` })).toMatchObject({ status: 404 });
    expect(await service.post(`/v1/plates/${plateId}/bind`, { merchantId }, { as: stranger })).toMatchObject({
      status: 404,
    });
    const issue = { method: 'POST', path: `/v1/merchants/${merchantId}/api-keys`, headers: { 'idempotency-key': 'k' } };
    expect(await service.send({ ...issue, as: stranger })).toMatchObject({ status: 404 });
  });

  it('cannot put its merchant under another, nor use the fee contract of another', async () => {
    expect(
      await service.post('/v1/merchants', sample.merchant(2, { providerId: sample.other.providerId }), {
        as: provider,
      }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/providerId', code: 'unknown_provider' }] },
    });
    expect(
      await service.post('/v1/merchants', sample.merchant(2, { providerId: sample.other.providerId }), {
        as: stranger,
      }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/acquirerContracts/0/feeContractId', code: 'unknown_fee_contract' }] },
    });
  });

  it('registers no providers and sets no fees', async () => {
    expect(await service.post('/v1/providers', sample.provider, { as: provider })).toMatchObject({ status: 403 });
    expect(await service.post('/v1/fee-contracts', sample.feeContract, { as: provider })).toMatchObject({
      status: 403,
    });
    expect(await service.import(sample.ground, { as: provider })).toMatchObject({ status: 403 });
  });

  it('is locked out while it is suspended', async () => {
    const path = `/v1/providers/${sample.other.providerId}`;
    await service.send({ method: 'PATCH', path, body: { status: 'suspended', version: 1 } });
    expect(await service.send({ path, as: stranger })).toMatchObject({
      status: 403,
      body: { code: 'provider_suspended' },
    });
    await service.send({ method: 'PATCH', path, body: { status: 'active', version: 2 } });
  });
});

describe('a merchant', () => {
  const path = `/v1/merchants/${merchantId}`;
  const issue = (idempotencyKey: string) =>
    service.send({
      method: 'POST',
      path: `${path}/api-keys`,
      as: provider,
      headers: { 'idempotency-key': idempotencyKey },
    });

  it('gets keys of which the newest alone is valid, and the same one for the same Idempotency-Key', async () => {
    const first = await issue('first');
    expect(first).toMatchObject({ status: 201, body: { keyId: `merchant:${merchantId}.1`, apiKeyVersion: 1 } });
    expect((await issue('first')).body).toEqual(first.body);
    expect(await service.send({ path, as: `merchant:${merchantId}.1` })).toMatchObject({
      status: 200,
      body: { merchantId },
    });
    expect(await issue('second')).toMatchObject({ status: 201, body: { apiKeyVersion: 2 } });
    expect(await service.send({ path, as: `merchant:${merchantId}.1` })).toMatchObject({
      status: 401,
      body: { code: 'key_unknown' },
    });
    expect(await service.send({ path, as: `merchant:${merchantId}.2` })).toMatchObject({
      status: 200,
      body: { apiKeyVersion: 2 },
    });
  });

  it('needs an Idempotency-Key for a new key, and one of its own', async () => {
    const other = sample.merchant(3);
    await service.post('/v1/merchants', other, { as: provider });
    expect(await service.send({ method: 'POST', path: `${path}/api-keys`, as: provider })).toMatchObject({
      status: 400,
    });
    const reused = {
      method: 'POST',
      path: `/v1/merchants/${other.merchantId}/api-keys`,
      headers: { 'idempotency-key': 'first' },
    };
    expect(await service.send({ ...reused, as: provider })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('reads what is its own and changes nothing', async () => {
    const as = `merchant:${merchantId}.2`;
    expect(await service.send({ path: '/v1/stores', as })).toMatchObject({ status: 200, body: { data: [store] } });
    expect(await service.send({ path: `/v1/merchants/${sample.merchant(3).merchantId}`, as })).toMatchObject({
      status: 404,
    });
    expect(await service.send({ method: 'PATCH', path, body: { name: '新', version: 3 }, as })).toMatchObject({
      status: 403,
    });
  });
});

describe('a caller', () => {
  it.each([
    ['an unknown provider', 'provider:SP.1', 401],
    ['a wallet', 'wallet:city-pay.1', 403],
    ['an operator of another key', 'operator:spec.2', 401],
  ])('that is %s is refused', async (_, as, status) => {
    expect((await service.send({ path: '/v1/merchants', as })).status).toBe(status);
  });

  it('whose signature is of another path is refused', async () => {
    const answer = await service.send({ path: '/v1/merchants', headers: { 'fourway-signature': '0'.repeat(64) } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'signature_wrong' } });
  });
});

describe('a plate', () => {
  const bind = (body: object, as = provider) => service.post(`/v1/plates/${plateId}/bind`, body, { as });
  const unbind = () => service.send({ method: 'POST', path: `/v1/plates/${plateId}/unbind`, as: provider });
  const other = sample.merchant(4);

  it('goes from PRINTED to BOUND to UNBOUND, and to another merchant only from there', async () => {
    await service.post('/v1/merchants', other, { as: provider });
    expect(await unbind()).toMatchObject({ status: 409, body: { code: 'plate_not_bound' } });
    const place = { merchantId, storeId: store.storeId, terminalId: terminal.terminalId };
    expect(await bind(place)).toMatchObject({ status: 200, body: { ...place, state: 'BOUND', version: 2 } });
    expect(await bind(place)).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await bind({ merchantId: other.merchantId })).toMatchObject({ status: 409, body: { code: 'plate_bound' } });
    expect(await unbind()).toMatchObject({ status: 200, body: { merchantId: '', state: 'UNBOUND', version: 3 } });
    expect(await unbind()).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await bind({ merchantId: other.merchantId })).toMatchObject({
      status: 200,
      body: { state: 'BOUND', version: 4 },
    });
  });

  it('is put up at a terminal of its own merchant only', async () => {
    expect(
      await bind({ merchantId: other.merchantId, storeId: store.storeId, terminalId: terminal.terminalId }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/terminalId', code: 'unknown_terminal' }] },
    });
    expect(await bind({ merchantId: other.merchantId, storeId: store.storeId })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/storeId', code: 'store_of_another_merchant' }] },
    });
  });
});

describe('a fee contract', () => {
  const { feeContract } = sample;

  it('gets new terms only as a new version, and keeps its parties', async () => {
    const cheaper = { ...feeContract, mdrPpm: 5_000 };
    expect(await service.post('/v1/fee-contracts', feeContract)).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await service.post('/v1/fee-contracts', cheaper)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/mdrPpm' }] },
    });
    expect(await service.post('/v1/fee-contracts', { ...cheaper, version: 1 })).toMatchObject({
      status: 201,
      body: { mdrPpm: 5_000, version: 2 },
    });
    expect(await service.post('/v1/fee-contracts', { ...cheaper, version: 1 })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    expect(await service.post('/v1/fee-contracts', { ...feeContract, version: 1 })).toMatchObject({ status: 409 });
    expect(await service.post('/v1/fee-contracts', { ...feeContract, providerId: '', version: 2 })).toMatchObject({
      status: 422,
      body: { code: 'party_fixed' },
    });
  });
});

describe('the record of calls', () => {
  it('has a row for each call that changed something, with who made it, and cannot be rewritten', async () => {
    const rows = await rig.sql(
      `select principal, action, subject from call where subject = $1 order by call_number`,
      `plate/${plateId}`,
    );
    const by = `provider:${sample.provider.providerId}`;
    const actions = ['plate.create', 'plate.bind', 'plate.unbind', 'plate.bind'];
    expect(rows).toEqual(actions.map((action) => [by, action, `plate/${plateId}`]));
    await expect(rig.sql('delete from call')).rejects.toThrow('append-only');
    await expect(rig.sql(`update call set principal = 'operator:nobody'`)).rejects.toThrow('append-only');
  });
});

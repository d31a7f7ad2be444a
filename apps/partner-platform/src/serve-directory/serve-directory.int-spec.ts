import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fourway/testing';
import { sampleDirectory } from '../testing/directory.fixture.ts';
import {
  partnerRig,
  publishedChanges,
  type PartnerRig,
  type PartnerService,
} from '../testing/partner-service.fixture.ts';

const sample = sampleDirectory();
let rig: PartnerRig;
let service: PartnerService;

beforeAll(async () => {
  rig = await partnerRig('serve_directory');
  service = await rig.start();
  expect(await service.import(sample.ground)).toMatchObject({
    status: 200,
    body: { lines: 4, imported: 4, unchanged: 0 },
  });
});

afterAll(() => rig.close());

describe('a merchant', () => {
  const merchant = sample.merchant();
  const path = `/v1/merchants/${merchant.merchantId}`;

  it('is created once, whatever became of the first answer', async () => {
    expect(await service.post('/v1/merchants', merchant)).toMatchObject({
      status: 201,
      body: { ...merchant, apiKeyVersion: 0, status: 'active', version: 1 },
    });
    expect(await service.post('/v1/merchants', merchant)).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('does not become another one under the same id', async () => {
    expect(await service.post('/v1/merchants', { ...merchant, name: '别的', mcc: '5411' })).toMatchObject({
      status: 422,
      body: { code: 'id_taken', errors: [{ pointer: '/name' }, { pointer: '/mcc' }] },
    });
  });

  it('changes field by field, based on the version that was read', async () => {
    const changed = await service.send({ method: 'PATCH', path, body: { name: '新名', version: 1 } });
    expect(changed).toMatchObject({ status: 200, body: { ...merchant, name: '新名', version: 2 } });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(await service.send({ method: 'PATCH', path, body: { mcc: '5411', version: 1 } })).toMatchObject({
      status: 409,
      body: { code: 'version_conflict' },
    });
    expect(
      await service.send({ method: 'PATCH', path, body: { mcc: '5411' }, headers: { 'if-match': '"1"' } }),
    ).toMatchObject({ status: 412 });
    expect(await service.send({ method: 'PATCH', path, body: { mcc: '5411' } })).toMatchObject({
      status: 422,
      body: { code: 'version_required' },
    });
    expect(
      await service.send({ method: 'PATCH', path, body: { mcc: '5411' }, headers: { 'if-match': '"2"' } }),
    ).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('stays as it is when the answer to a change was lost and the change is sent again', async () => {
    expect(await service.send({ method: 'PATCH', path, body: { mcc: '5411', version: 2 } })).toMatchObject({
      status: 200,
      body: { version: 3 },
    });
    expect(await service.post('/v1/merchants', merchant)).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('is published in every version, byte for byte as stored and in order', async () => {
    const stored = await rig.sql(
      `select encode(record, 'hex') from (select version, record from entity where id = $1 union all select version, record from entity_version where id = $1) v order by version`,
      merchant.merchantId,
    );
    await eventually(async () => {
      const published = await publishedChanges(new Set([`merchant/${merchant.merchantId}`]));
      expect(published.map(({ version }) => version)).toEqual([1n, 2n, 3n]);
      expect(published.map(({ bytes }) => bytes.toString('hex'))).toEqual(stored.flat());
    });
  });
});

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
const line = (number: number, changes: object = {}) => ({
  type: 'merchant',
  merchant: sample.merchant(number, changes),
});
let rig: PartnerRig;
let service: PartnerService;

beforeAll(async () => {
  rig = await partnerRig('import_directory');
  service = await rig.start();
  await service.import(sample.ground);
});

afterAll(() => rig.close());

const countOf = async (type: string) =>
  Number((await rig.sql('select count(*) from entity where type = $1', type))[0]?.[0]);

describe('an import', () => {
  it('sent again changes nothing, and a line that differs makes one version', async () => {
    const lines = Array.from({ length: 9_000 }, (_, i) => line(i));
    expect(await service.import(lines)).toMatchObject({
      status: 200,
      body: { lines: 9_000, imported: 9_000, unchanged: 0 },
    });
    expect(await service.import(lines)).toMatchObject({
      status: 200,
      body: { lines: 9_000, imported: 0, unchanged: 9_000 },
    });
    lines[17] = line(17, { name: '换名' });
    expect(await service.import(lines)).toMatchObject({ status: 200, body: { imported: 1, unchanged: 8_999 } });
    const key = `merchant/${sample.merchant(17).merchantId}`;
    await eventually(async () =>
      expect((await publishedChanges(new Set([key]))).map(({ version }) => version)).toEqual([1n, 2n]),
    );
  });

  it('that a kill cut short is finished by sending it again', async () => {
    const before = await countOf('merchant');
    const lines = Array.from({ length: 30_000 }, (_, i) => line(100_000 + i));
    const cut = service.import(lines).catch(() => 'cut');
    await eventually(async () => expect(await countOf('merchant')).toBeGreaterThan(before), { withinMs: 60_000 });
    await service.kill('SIGKILL');
    expect(await cut).toBe('cut');
    service = await rig.start();
    const taken = (await countOf('merchant')) - before;
    expect(await service.import(lines)).toMatchObject({
      status: 200,
      body: { imported: 30_000 - taken, unchanged: taken },
    });
    const [gaps] = await rig.sql(
      `select last_change_number - (select count(*) from entity) - (select count(*) from entity_version) from directory_head`,
    );
    expect(gaps).toEqual(['0']);
  });

  it('stops at the first line that cannot be taken, and says which, why, and what was taken', async () => {
    const stranger = line(200_002, { acquirerContracts: [{ acquirerId: '99999999', feeContractId: 1, weight: 1 }] });
    const answer = await service.import([line(200_000), line(200_001), stranger, line(200_003)]);
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'line_refused',
        detail: expect.stringContaining('Line 3, /merchant/acquirerContracts/0/acquirerId: names an acquirer'),
        errors: [
          { pointer: '/3/merchant/acquirerContracts/0/acquirerId', code: 'unknown_acquirer' },
          { pointer: '/3/merchant/acquirerContracts/0/feeContractId', code: 'unknown_fee_contract' },
        ],
      },
    });
    expect(String(answer.body['detail'])).toContain('The 2 lines before it were taken over: 2 imported, 0 unchanged.');
    expect(await service.send({ path: `/v1/merchants/${sample.merchant(200_001).merchantId}` })).toMatchObject({
      status: 200,
    });
    expect(await service.send({ path: `/v1/merchants/${sample.merchant(200_003).merchantId}` })).toMatchObject({
      status: 404,
    });
  });

  it('names the field of a line that breaks its rule', async () => {
    expect(
      await service.import([line(1), { ...line(2), merchant: { ...sample.merchant(2), mcc: '58' } }]),
    ).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            pointer: '/2/merchant/mcc',
            code: 'wrong_format',
            rule: 'must be an ISO 18245 merchant category code of 4 digits',
          },
        ],
      },
    });
  });

  it('whose body is not what was signed is not taken', async () => {
    expect(await service.import([line(300_000)], { digest: 'a'.repeat(64) })).toMatchObject({
      status: 401,
      body: { code: 'content_differs' },
    });
    expect(await service.send({ path: `/v1/merchants/${sample.merchant(300_000).merchantId}` })).toMatchObject({
      status: 404,
    });
  });

  it('takes an entity that comes twice in both its versions, and one that names another of the same import', async () => {
    const { merchantId } = sample.merchant(400_000);
    const store = {
      type: 'store',
      store: { storeId: `S${merchantId.slice(2)}`, merchantId, name: '一店', region: '440106' },
    };
    const lines = [line(400_000), store, line(400_000, { name: '第二' })];
    expect(await service.import(lines)).toMatchObject({ status: 200, body: { imported: 3 } });
    expect(await service.send({ path: `/v1/merchants/${merchantId}` })).toMatchObject({
      body: { name: '第二', version: 2 },
    });
  });

  it('makes no void API key valid again', async () => {
    const { merchantId } = sample.merchant(500_000);
    const withKey = { type: 'merchant', merchant: { ...sample.merchant(500_000), apiKeyVersion: 1 } };
    await service.import([withKey]);
    const issue = { method: 'POST', path: `/v1/merchants/${merchantId}/api-keys`, headers: { 'idempotency-key': 'k' } };
    expect(await service.send(issue)).toMatchObject({ status: 201, body: { apiKeyVersion: 2 } });
    expect(await service.import([withKey])).toMatchObject({ body: { imported: 0, unchanged: 1 } });
  });

  it('is one row in the record of calls', async () => {
    const rows = await rig.sql(
      `select principal, count(*) from call where action = 'directory.import' group by principal`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[0]).toBe('operator:spec');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { operations } from '../describe-api/operations.ts';
import { sampleDirectory } from '../testing/directory.fixture.ts';
import { partnerRig, type PartnerRig, type PartnerService } from '../testing/partner-service.fixture.ts';

const sample = sampleDirectory();
const merchant = sample.merchant();
let rig: PartnerRig;
let service: PartnerService;

beforeAll(async () => {
  rig = await partnerRig('garbage');
  service = await rig.start();
  await service.import([...sample.ground, { type: 'merchant', merchant }]);
});

afterAll(() => rig.close());

/** Bodies that are nearly right, and bodies that are nothing. */
const field = fc.constantFrom(
  ...Object.keys(merchant),
  ...Object.keys(sample.feeContract),
  'version',
  'status',
  '__proto__',
  'constructor',
);
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', '\u0000', '\ud800', -1, 1e300, 9_007_199_254_740_993, merchant.merchantId, null),
);
const almost = fc.tuple(field, value).map(([name, wrong]) => JSON.stringify({ ...merchant, [name]: wrong }));
const body = fc.oneof(
  almost,
  fc.json(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.string({ unit: 'binary' }),
);
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters().map((text) => `?${text}`),
  fc.string().map((text) => `?cursor=${encodeURIComponent(text.toWellFormed())}`),
);

describe('every operation', () => {
  it.each(operations.map(({ method, path }) => [method.toUpperCase(), path]))(
    '%s %s answers garbage with a problem, and never fails',
    async (method, path) => {
      await fc.assert(
        fc.asyncProperty(
          body,
          fc.string().map((text) => encodeURIComponent(text.toWellFormed())),
          query,
          async (text, name, search) => {
            const target = `${path.replace('{id}', name === '' ? 'x' : name)}${method === 'GET' ? search : ''}`;
            const answer = await service.send({
              ...{ method, path: target, headers: { 'idempotency-key': 'k' } },
              ...(method === 'GET' ? {} : { body: Buffer.from(text) }),
            });
            expect(answer.status).toBeLessThan(500);
            if (answer.status >= 400)
              expect(answer.body).toMatchObject({
                type: expect.stringContaining('urn:fourway:problem:'),
                requestId: expect.any(String),
              });
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('stores nothing of it', async () => {
    const [row] = await rig.sql('select last_change_number from directory_head');
    expect(row).toEqual(['5']);
  });
});

describe('an import', () => {
  it('answers garbage lines with the line and the rule, and never fails', async () => {
    const line = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ type: fc.constantFrom('merchant', 'plate', 'nothing'), merchant: fc.jsonValue() })
        .map((one) => JSON.stringify(one)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          line.filter((text) => text.trim() !== ''),
          { minLength: 1 },
        ),
        async (lines) => {
          const answer = await service.import(lines);
          expect(answer).toMatchObject({ status: 422, body: { code: 'line_refused' } });
          for (const { pointer } of Object(answer.body['errors'])) expect(pointer).toMatch(/^\/1(\/|$)/);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that is no stream of lines is refused by its type', async () => {
    expect(await service.post('/v1/directory/import', {})).toMatchObject({ status: 401 });
    const digest = 'a'.repeat(64);
    expect(
      (await service.post('/v1/directory/import', {}, { headers: { 'fourway-content-sha256': digest } })).status,
    ).toBe(401);
  });
});

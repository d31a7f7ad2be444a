import { z } from 'zod';
import {
  feeContractFields,
  merchantFields,
  plateFields,
  providerFields,
  status,
  storeFields,
  terminalFields,
} from '../directory/entity-fields.ts';
import { plateStates } from '../directory/entity-view.ts';
import {
  feeTerms,
  merchantChange,
  plateBinding,
  printedPlate,
  providerChange,
} from '../serve-directory/change-fields.ts';
import { merchantsQuery, pageQuery, premisesQuery } from '../serve-directory/pages.ts';

/** Parameters by their names. */
type QueryShape = Readonly<Record<string, z.ZodType>>;

/** One operation of the API: what it takes and what it gives. */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch';
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly query?: QueryShape;
  readonly answer: z.ZodType;
  readonly answers: readonly number[];
  readonly headers?: readonly string[];
}

const stored = { status, version: z.int().min(1), changedAt: z.iso.datetime() };
const pageOf = (entity: z.ZodType) =>
  z.object({ data: z.array(entity), hasMore: z.boolean(), nextCursor: z.string().nullable() });

const provider = providerFields.extend(stored);
const merchant = merchantFields.extend({ apiKeyVersion: z.int().min(0), ...stored });
const store = storeFields.extend(stored);
const terminal = terminalFields.extend(stored);
const plate = plateFields.extend({ state: z.enum(plateStates), providerId: z.string(), ...stored });
const feeContract = feeContractFields.extend(stored);
const issuedKey = z.object({
  merchantId: z.string(),
  keyId: z.string(),
  key: z.string(),
  apiKeyVersion: z.int().min(1),
});
const importResult = z.object({ lines: z.int(), imported: z.int(), unchanged: z.int() });

interface Resource {
  readonly path: string;
  readonly name: string;
  readonly body: z.ZodType;
  readonly entity: z.ZodType;
  readonly query: QueryShape;
}

/** Creating, listing and reading are the same for every type. */
const resource = ({ path, name, body, entity, query }: Resource): Operation[] => [
  {
    method: 'post',
    path,
    summary: `Create a ${name}; its id makes the request repeatable`,
    body,
    answer: entity,
    answers: [200, 201, 401, 403, 422],
  },
  {
    method: 'get',
    path,
    summary: `List the caller's ${name}s`,
    query,
    answer: pageOf(entity),
    answers: [200, 401, 422],
  },
  { method: 'get', path: `${path}/{id}`, summary: `Read a ${name}`, answer: entity, answers: [200, 401, 404] },
];

const change = (path: string, name: string, body: z.ZodType, entity: z.ZodType): Operation => ({
  ...{ method: 'patch', path: `${path}/{id}`, summary: `Change a ${name}, based on the version that was read`, body },
  ...{ headers: ['If-Match'], answer: entity, answers: [200, 400, 401, 403, 404, 409, 412, 422] },
});

export const operations: readonly Operation[] = [
  ...resource({
    path: '/v1/providers',
    name: 'provider',
    body: providerFields,
    entity: provider,
    query: pageQuery.shape,
  }),
  change('/v1/providers', 'provider', providerChange, provider),
  ...resource({
    path: '/v1/merchants',
    name: 'merchant',
    body: merchantFields,
    entity: merchant,
    query: merchantsQuery.shape,
  }),
  change('/v1/merchants', 'merchant', merchantChange, merchant),
  {
    ...{
      method: 'post',
      path: '/v1/merchants/{id}/api-keys',
      summary: "Issue the merchant's next API key; the one before is void",
    },
    ...{ headers: ['Idempotency-Key'], answer: issuedKey, answers: [201, 400, 401, 403, 404, 409, 422] },
  },
  ...resource({ path: '/v1/stores', name: 'store', body: storeFields, entity: store, query: premisesQuery.shape }),
  ...resource({
    path: '/v1/terminals',
    name: 'terminal',
    body: terminalFields,
    entity: terminal,
    query: premisesQuery.shape,
  }),
  ...resource({ path: '/v1/plates', name: 'plate', body: printedPlate, entity: plate, query: premisesQuery.shape }),
  {
    ...{
      method: 'post',
      path: '/v1/plates/{id}/bind',
      summary: 'Bind a plate to a merchant, a store and a terminal',
      body: plateBinding,
    },
    ...{ answer: plate, answers: [200, 401, 403, 404, 409, 422] },
  },
  {
    ...{ method: 'post', path: '/v1/plates/{id}/unbind', summary: 'Take a plate from its merchant' },
    ...{ answer: plate, answers: [200, 401, 403, 404, 409] },
  },
  ...resource({
    path: '/v1/fee-contracts',
    name: 'fee contract',
    body: feeTerms,
    entity: feeContract,
    query: merchantsQuery.shape,
  }),
  {
    ...{
      method: 'post',
      path: '/v1/directory/import',
      summary: 'Take over a stream of entities, one JSON object a line',
    },
    ...{ headers: ['Fourway-Content-Sha256'], answer: importResult, answers: [200, 400, 401, 403, 415, 422] },
  },
];

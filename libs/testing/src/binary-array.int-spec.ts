import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arrayColumn, Database, type ArrayElements, type ArrayElementType } from '@fourway/platform-postgres';
import { freshDatabase, type FreshDatabase } from './fresh-database.ts';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase('binary_array');
  database = new Database({ url: fresh.url, applicationName: 'binary-array' });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const arrayOf = <Type extends ArrayElementType>(type: Type, values: readonly ArrayElements[Type][]): Buffer =>
  arrayColumn('value', type, (value: ArrayElements[Type]) => value).arrayOf(values);

/** What Postgres makes of the array, each element as its text; times as milliseconds since 1970. */
async function readBack<Type extends ArrayElementType>(
  type: Type,
  values: readonly ArrayElements[Type][],
): Promise<(string | null)[]> {
  const text: Partial<Record<ArrayElementType, string>> = {
    bytea: "encode(value, 'hex')",
    timestamptz: '(extract(epoch from value) * 1000)::bigint::text',
    date: "to_char(value, 'YYYY-MM-DD')",
  };
  const rows = await database.query({
    name: '',
    text: `select ${text[type] ?? 'value::text'} from unnest($1::${type}[]) as value`,
    values: [arrayOf(type, values)],
  });
  return rows.map(([value]) => value ?? null);
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('hex'));
/** Postgres has no NUL in text. */
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());
const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

const cases: readonly {
  readonly [Type in ArrayElementType]: readonly [Type, fc.Arbitrary<ArrayElements[Type]>];
}[ArrayElementType][] = [
  ['uuid', fc.oneof(fc.uuid(), fc.constant(null))],
  ['bytea', fc.integer({ min: 0, max: 40 }).chain(hex)],
  ['bigint', fc.oneof(int64, int64.map(String), fc.nat({ max: 1e15 - 1 }).map(String))],
  ['int', fc.integer()],
  ['smallint', fc.integer({ min: -32_768, max: 32_767 })],
  ['text', fc.oneof(text, fc.constantFrom('', 'NULL', '{}', '"', '\\', 'é', '支付', '😀'))],
  ['"char"', fc.constantFrom('A', 'D', 'z', '0')],
  ['date', day.map((at) => at.toISOString().slice(0, 10))],
  ['timestamptz', fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31) })],
];

describe('binary arrays', () => {
  it.each(cases)('of %s are read by Postgres as the values they were made of, whatever they hold', async (...typed) => {
    const [type, element] = typed as [ArrayElementType, fc.Arbitrary<ArrayElements[ArrayElementType]>];
    await fc.assert(
      fc.asyncProperty(fc.array(element), async (values) => {
        const expected = values.map((value) => (value === null ? null : String(value)));
        expect(await readBack(type, values)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('of more than their first room are read as well', async () => {
    const values = Array.from({ length: 3_000 }, (_, i) => `支付 ${i}`.repeat(20));
    expect(await readBack('text', values)).toEqual(values);
  });

  it.each([
    ['uuid', '0190b0a0-0000-7000-8000-00000000000'],
    ['uuid', '0190b0a0-0000-7000-8000-0000000000001'],
    ['uuid', 'not-a-uuid'],
    ['bytea', 'abc'],
    ['bytea', 'zz'],
    ['bigint', 2n ** 63n],
    ['bigint', ''],
    ['bigint', '0x10'],
    ['bigint', '12345678901234567890'],
    ['bigint', '1234567890123456x'],
    ['int', 2 ** 31],
    ['int', 1.5],
    ['int', Number.NaN],
    ['smallint', 32_768],
    ['"char"', 'DC'],
    ['date', '2026-13-01'],
    ['date', 'today'],
    ['timestamptz', Number.NaN],
  ] as const)('of %s refuse %p rather than store something else', (type, value) => {
    expect(() => arrayOf<ArrayElementType>(type, [value])).toThrow(expect.objectContaining({ name: 'RangeError' }));
  });
});

import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { freshDatabase, type FreshDatabase } from './fresh-database.ts';
import { arrayLiteral, Database } from '@fourway/platform-postgres';

let fresh: FreshDatabase;
let database: Database;
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

it('is read by Postgres as the values it was made of, whatever they hold', async () => {
  fresh = await freshDatabase('array_literal');
  database = new Database({ url: fresh.url, applicationName: 'array-literal' });
  // Postgres has no NUL in text.
  const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());
  const special = fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', 'a,b', ' a', '\t', '\n');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(text, special, fc.constant(null)), { minLength: 1 }), async (values) => {
      const rows = await database.query({
        name: '',
        text: 'select unnest($1::text[])',
        values: [arrayLiteral(values)],
      });
      expect(rows.map(([value]) => value)).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpProblem } from '@fourway/platform-http';
import { checkFields, type CheckedFields } from '../edge/request-rules.ts';
import { openApiDocument } from './openapi-document.ts';

interface Schema {
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Document {
  readonly components: { readonly schemas: Record<string, { readonly properties: Record<string, Schema> }> };
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as Document;
const property = (schema: string, name: string): Schema => document.components.schemas[schema]?.properties[name] ?? {};

function isTaken(fields: CheckedFields): boolean {
  try {
    checkFields(fields, 0);
    return true;
  } catch (error) {
    if (error instanceof HttpProblem) return false;
    throw error;
  }
}

describe('the OpenAPI document', () => {
  it.each([
    ['NewOrder', 'merchantOrderNo', fc.stringMatching(/^[0-9A-Za-z_ -]{0,34}$/)],
    ['NewOrder', 'terminalId', fc.stringMatching(/^[0-9A-Za]{7,9}$/)],
    ['NewPayment', 'cardToken', fc.stringMatching(/^\d{14,21}$/)],
  ] as const)('says of %s.%s what the rulebook says', (schema, name, texts) => {
    const pattern = new RegExp(property(schema, name).pattern ?? 'none');
    fc.assert(fc.property(texts, (text) => expect(pattern.test(text)).toBe(isTaken({ [name]: text }))));
  });

  it('says of amounts what the rulebook says', () => {
    const { minimum = NaN, maximum = NaN } = property('NewOrder', 'amountMinor');
    const edges = [minimum - 1, minimum, maximum, maximum + 1];
    expect(edges.map((amount) => isTaken({ amountMinor: BigInt(amount) }))).toEqual([false, true, true, false]);
  });

  it('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name = ''] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });
});

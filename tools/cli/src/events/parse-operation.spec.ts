import { describe, expect, it } from '@jest/globals';
import { parseOperation } from './parse-operation.ts';

const nowMs = 1_763_800_000_000;
const id = '019aa9c4-8400-7000-8000-000000000001';
const defaults = { nowMs, newId: () => id };
const sound = { merchantId: '811000000000000', amountMinor: 12_888, cardToken: '6299000100000001' };
const parse = (fields: object): ReturnType<typeof parseOperation> =>
  parseOperation(JSON.stringify(fields), defaults, true);
const faultsOf = (parsed: ReturnType<typeof parseOperation>): string[] =>
  parsed.kind === 'faults' ? parsed.faults.map(({ field, code }) => `${field} ${code}`) : [];

describe('an operation as a line of JSON', () => {
  it('needs no more than merchant, amount and card', () => {
    expect(parse(sound)).toMatchObject({
      kind: 'operation',
      request: {
        operationId: id,
        rootId: id,
        kind: 'sale',
        amountMinor: 12_888n,
        currency: 'CNY',
        requestedAtMs: nowMs,
      },
    });
  });

  it('takes the names of the contract, too', () => {
    const { merchantId, amountMinor, cardToken } = sound;
    expect(parse({ merchant_id: merchantId, amount_minor: amountMinor, card_token: cardToken }).kind).toBe('operation');
  });

  it('loses no fen of an amount beyond what a number holds', () => {
    const parsed = parseOperation(JSON.stringify({ ...sound, amountMinor: '9007199254740993' }), defaults, false);
    expect(parsed).toMatchObject({ request: { amountMinor: 9_007_199_254_740_993n } });
  });

  it.each([
    ['no JSON', 'nonsense', ['(line) not_json']],
    ['a field missing', '{"amountMinor":1,"cardToken":"6299000100000001"}', ['merchant_id invalid_type']],
    ['an unknown field', JSON.stringify({ ...sound, amont: 1 }), ['(line) unrecognized_keys']],
    ['a fraction', JSON.stringify({ ...sound, amountMinor: 1.5 }), ['amount_minor invalid_union']],
    ['nothing to pay', JSON.stringify({ ...sound, amountMinor: 0 }), ['amount_minor amount_not_positive']],
    [
      'an id of another version',
      JSON.stringify({ ...sound, operationId: '550e8400-e29b-41d4-a716-446655440000' }),
      ['operation_id id_not_v7'],
    ],
  ])('says what is wrong with %s', (_, line, expected) => {
    expect(faultsOf(parseOperation(line, defaults, true))).toEqual(expected);
  });

  it('lets wrong input through when asked to', () => {
    expect(parseOperation(JSON.stringify({ ...sound, amountMinor: 0 }), defaults, false).kind).toBe('operation');
  });
});

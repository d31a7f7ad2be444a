import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maxAmountMinor, uuidV7 } from '@fourway/kernel';
import { checkRequest } from './check-request.ts';
import { effectiveExpiryMs, type RequestedOperation } from './requested-operation.ts';
import { rulebook } from './rulebook.ts';

const nowMs = 1_780_000_000_000;
const minute = 60_000;
const day = 86_400_000;
const idAt = (atMs: number): string => uuidV7(atMs, new Uint8Array(10).fill(7));
const withId = (operationId: string): Partial<RequestedOperation> => ({ operationId, rootId: operationId });

const request: RequestedOperation = {
  eventId: '550e8400-e29b-41d4-a716-446655440000',
  ...{ operationId: idAt(nowMs), rootId: idAt(nowMs) },
  kind: 'sale',
  merchantId: '102290058120001',
  terminalId: 'T0000001',
  merchantOrderNo: 'order_2026-11',
  amountMinor: 12_888n,
  currency: 'CNY',
  cardToken: '6200000000000005',
  presentment: 'merchant',
  requestedAtMs: nowMs,
  expiresAtMs: 0,
  upstreamId: 'upstream-1',
};
const onRoot = (kind: string, rootAtMs = nowMs - 1): Partial<RequestedOperation> => ({ kind, rootId: idAt(rootAtMs) });
const verdictOn = (changes: Partial<RequestedOperation>): string => {
  const error = checkRequest({ ...request, ...changes }, nowMs);
  return error === null ? 'accepted' : `${error.field}: ${error.code}`;
};

describe('checkRequest', () => {
  it('accepts a request that keeps every rule', () => expect(verdictOn({})).toBe('accepted'));

  it.each<[string, Partial<RequestedOperation>, string]>([
    ['no event id', { eventId: '' }, 'event_id: missing_field'],
    ['an event id that is no UUID', { eventId: 'event-1' }, 'event_id: event_id_malformed'],
    ['no operation id', { operationId: '' }, 'operation_id: missing_field'],
    ['an id of version 4', withId('550e8400-e29b-41d4-a716-446655440000'), 'operation_id: id_not_v7'],
    ['an id in upper case', withId(idAt(nowMs).toUpperCase()), 'operation_id: id_not_v7'],
    ['an id too far ahead', withId(idAt(nowMs + 5 * minute + 1)), 'operation_id: id_out_of_range'],
    ['an id beyond the horizon', withId(idAt(nowMs - 35 * day - 1)), 'operation_id: id_out_of_range'],
    ['an unknown kind', { kind: null }, 'kind: kind_not_supported'],
    ['a refund that names no payment', { kind: 'refund' }, 'root_id: root_id_missing'],
    ['a refund on a root of another kind of id', { kind: 'refund', rootId: 'order-1' }, 'root_id: root_id_not_v7'],
    ['a refund of what is forgotten', onRoot('refund', nowMs - 400 * day - 1), 'root_id: root_id_out_of_range'],
    [
      'a capture that names an original',
      { ...onRoot('capture'), originalOperationId: idAt(nowMs - 5) },
      'original_operation_id: original_not_expected',
    ],
    [
      'a void whose original is the root',
      { ...onRoot('void'), originalOperationId: idAt(nowMs - 1) },
      'original_operation_id: original_not_expected',
    ],
    [
      'a reversal of no id',
      { ...onRoot('reversal'), originalOperationId: 'refund-1' },
      'original_operation_id: original_not_v7',
    ],
    ['no root id', { rootId: '' }, 'root_id: missing_field'],
    ['a sale below another root', { rootId: idAt(nowMs - 1) }, 'root_id: root_id_differs'],
    ['no merchant', { merchantId: '' }, 'merchant_id: missing_field'],
    ['a merchant id that starts with 0', { merchantId: '012290058120001' }, 'merchant_id: merchant_id_malformed'],
    ['a merchant id with a line end', { merchantId: '102290058120001\n' }, 'merchant_id: merchant_id_malformed'],
    ['no terminal', { terminalId: '' }, 'terminal_id: missing_field'],
    ['a terminal id in lower case', { terminalId: 't0000001' }, 'terminal_id: terminal_id_malformed'],
    ['no order number', { merchantOrderNo: '' }, 'merchant_order_no: missing_field'],
    [
      'an order number of 33 characters',
      { merchantOrderNo: 'x'.repeat(33) },
      'merchant_order_no: merchant_order_no_malformed',
    ],
    ['a negative amount', { amountMinor: -1n }, 'amount_minor: amount_not_positive'],
    ['an amount of zero', { amountMinor: 0n }, 'amount_minor: amount_not_positive'],
    ['an amount over the limit', { amountMinor: maxAmountMinor + 1n }, 'amount_minor: amount_over_limit'],
    ['no currency', { currency: '' }, 'currency: missing_field'],
    ['a currency the network does not clear', { currency: 'XXX' }, 'currency: currency_unknown'],
    ['a name that every object has as the currency', { currency: 'constructor' }, 'currency: currency_unknown'],
    ['no card token', { cardToken: '' }, 'card_token: missing_field'],
    ['a card token of 15 digits', { cardToken: '620000000000000' }, 'card_token: card_token_malformed'],
    ['no presentment', { presentment: null }, 'presentment: missing_field'],
    ['no request time', { requestedAtMs: 0 }, 'requested_at_ms: missing_field'],
    ['a negative request time', { requestedAtMs: -1 }, 'requested_at_ms: requested_at_out_of_range'],
    [
      'a request time too far ahead',
      { requestedAtMs: nowMs + 5 * minute + 1 },
      'requested_at_ms: requested_at_out_of_range',
    ],
    ['an expiry at the request time', { expiresAtMs: nowMs }, 'expires_at_ms: expires_at_out_of_range'],
    [
      'an expiry more than 10 minutes on',
      { expiresAtMs: nowMs + 10 * minute + 1 },
      'expires_at_ms: expires_at_out_of_range',
    ],
    ['no upstream', { upstreamId: '' }, 'upstream_id: missing_field'],
    ['an upstream in upper case', { upstreamId: 'Upstream' }, 'upstream_id: upstream_id_malformed'],
  ])('refuses %s', (_, changes, verdict) => expect(verdictOn(changes)).toBe(verdict));

  it.each<[string, Partial<RequestedOperation>]>([
    ['the oldest id', withId(idAt(nowMs - 35 * day))],
    ['the id furthest ahead', withId(idAt(nowMs + 5 * minute))],
    ['the smallest amount', { amountMinor: 1n }],
    ['a capture', onRoot('capture')],
    ['the oldest payment', onRoot('refund', nowMs - 400 * day)],
    ['a refund, which nobody shows a code for', { ...onRoot('refund'), presentment: null }],
    ['a reversal of a refund', { ...onRoot('reversal'), originalOperationId: idAt(nowMs - 5) }],
    ['the largest amount', { amountMinor: maxAmountMinor }],
    ['the latest request time', { requestedAtMs: nowMs + 5 * minute }],
    ['the latest expiry', { expiresAtMs: nowMs + 10 * minute }],
    ['a request that has long expired: whether it is a duplicate is asked first', { requestedAtMs: 1 }],
  ])('accepts %s', (_, changes) => expect(verdictOn(changes)).toBe('accepted'));

  it('has an example of a request that breaks it for every line of the rulebook', () => {
    const texts = rulebook.map(({ error }) => `${error.field}: ${error.code}`);
    expect(new Set(texts).size).toBe(rulebook.length);
    for (const { error } of rulebook) expect(error.rule !== '' && error.remedy !== '').toBe(true);
  });

  it('never repeats the value of a card token', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{9,40}$/), (cardToken) => {
        expect(JSON.stringify(checkRequest({ ...request, cardToken }, nowMs))).not.toContain(cardToken);
      }),
    );
  });

  it('has an answer to whatever is sent', () => {
    const text = fc.string();
    const anything = fc.record({
      ...{
        eventId: text,
        operationId: text,
        rootId: text,
        kind: fc.option(text),
        merchantId: text,
        terminalId: text,
        merchantOrderNo: text,
      },
      ...{ amountMinor: fc.bigInt(), currency: text, cardToken: text, presentment: fc.option(text), upstreamId: text },
      ...{ requestedAtMs: fc.double(), expiresAtMs: fc.double() },
    });
    fc.assert(fc.property(anything, fc.maxSafeNat(), (sent, atMs) => expect(checkRequest(sent, atMs)).not.toBeNull()));
  });
});

describe('effectiveExpiryMs', () => {
  it('is 60 seconds after the request where none is given', () =>
    expect(effectiveExpiryMs({ requestedAtMs: 1_000, expiresAtMs: 0 })).toBe(61_000));
  it('is what was given otherwise', () =>
    expect(effectiveExpiryMs({ requestedAtMs: 1_000, expiresAtMs: 5_000 })).toBe(5_000));
});

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { routes, serviceOf } from './route-table.ts';

const prefixes = routes.flatMap((route) => route.prefixes.map((prefix) => ({ prefix, service: route.service })));

describe('route table', () => {
  it.each([
    ['/v1/orders', 'qr-payment'],
    ['/v1/orders/7/close?x=/v1/merchants', 'qr-payment'],
    ['/v1/payments?limit=1', 'qr-payment'],
    ['/v1/merchants/m1', 'partner-platform'],
    ['/v1/directory/import', 'partner-platform'],
    ['/openapi/partner-platform.json', 'partner-platform'],
    ['/v1/ordersX', undefined],
    ['/v1', undefined],
    ['/V1/orders', undefined],
    ['//v1/orders', undefined],
    ['http://elsewhere/v1/orders', undefined],
    ['*', undefined],
    ['/metrics', undefined],
    ['/v1/orders/../merchants', undefined],
    ['/v1/orders/%2e%2E/merchants', undefined],
    ['/v1/orders/.', undefined],
    ['/v1/orders\\..\\metrics', undefined],
    ['/v1/orders/a..b/.hidden', 'qr-payment'],
  ])('%s belongs to %s', (target, service) => {
    expect(serviceOf(target)).toBe(service);
  });

  it('has no prefix within another, so that the order of the table says nothing', () => {
    for (const { prefix, service } of prefixes) expect(serviceOf(`${prefix}/x`)).toBe(service);
    const within = prefixes.filter(({ prefix }) => prefixes.some((other) => prefix.startsWith(`${other.prefix}/`)));
    expect(within).toEqual([]);
  });

  it('never sends a path outside a prefix to its service', () => {
    const segment = fc.stringMatching(/^[a-z0-9.%-]{0,8}$/);
    fc.assert(
      fc.property(fc.array(segment), fc.constantFrom(...prefixes), (segments, { prefix, service }) => {
        const target = [prefix, ...segments].join('/');
        const reached = serviceOf(target);
        // What a lenient server would make of it must still lie below the prefix.
        const resolved = new URL(target, 'http://door').pathname;
        const isWithin = resolved === prefix || resolved.startsWith(`${prefix}/`);
        expect(reached === undefined || (reached === service && isWithin)).toBe(true);
      }),
    );
  });
});

/** A service's name and the path prefixes that are its own. */
export interface Route {
  readonly service: string;
  readonly prefixes: readonly string[];
}

/** The path space of the product: who answers what. */
export const routes: readonly Route[] = [
  { service: 'qr-payment', prefixes: ['/v1/orders', '/v1/payments', '/openapi/qr-payment.json'] },
  {
    service: 'partner-platform',
    prefixes: [
      '/v1/providers',
      '/v1/merchants',
      '/v1/stores',
      '/v1/terminals',
      '/v1/plates',
      '/v1/fee-contracts',
      '/v1/directory',
      '/openapi/partner-platform.json',
    ],
  },
];

/** `.` and `..`, also percent-encoded: what such a path means depends on who reads it, so nobody gets to. */
const dotSegment = /(?:^|\/)(?:\.|%2e){1,2}(?=\/|$)/i;

/**
 * The service that owns a request target in origin form (RFC 9112 §3.2.1), undefined for none. A prefix ends at a segment's end:
 * `/v1/orders` owns `/v1/orders/7` and not `/v1/ordersX`.
 */
export function serviceOf(target: string, table: readonly Route[] = routes): string | undefined {
  const path = target.split(/[?#]/, 1)[0] ?? '';
  if (dotSegment.test(path) || path.includes('\\')) return undefined;
  return table.find(({ prefixes }) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
    ?.service;
}

import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

const before = { ...process.env };

beforeEach(() => {
  process.env = {
    ...before,
    ...{ FOURWAY_SERVICE: 'risk-scoring', FOURWAY_HTTP_PORT: '8080', FOURWAY_KAFKA: 'localhost:9092' },
    ...{ FOURWAY_POSTGRES_URL: 'postgres://risk@localhost/fourway', FOURWAY_REDIS_URL: 'redis://localhost' },
  };
});
afterAll(() => {
  process.env = before;
});

describe('admission in the environment', () => {
  it('is off as shipped', () => expect(readConfig()).toMatchObject({ upstreamQuotas: new Map(), shedAfterMs: null }));

  it('is read as it is given', () => {
    Object.assign(process.env, { FOURWAY_UPSTREAM_QUOTAS: '{"city-pay":500}', FOURWAY_SHED_AFTER_MS: '5000' });
    expect(readConfig()).toMatchObject({ upstreamQuotas: new Map([['city-pay', 500]]), shedAfterMs: 5_000 });
  });

  it.each([
    ['FOURWAY_UPSTREAM_QUOTAS', 'city-pay:500', 'not JSON'],
    ['FOURWAY_UPSTREAM_QUOTAS', '{"City":500}', '0-9, a-z and -'],
    ['FOURWAY_UPSTREAM_QUOTAS', '{"city-pay":-1}', 'whole number from 1'],
    ['FOURWAY_SHED_AFTER_MS', '2999', '3000 to 60000'],
    ['FOURWAY_SHED_AFTER_MS', '-1', '3000 to 60000'],
    ['FOURWAY_SHED_AFTER_MS', '60001', '60000'],
  ])('is refused with its variable and rule where %s is %s', (variable, value, rule) => {
    process.env[variable] = value;
    expect(readConfig).toThrow(new RegExp(`${variable}: .*${rule}`));
  });
});

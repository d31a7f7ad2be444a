import { describe, expect, it } from '@jest/globals';
import { HttpProblem } from '@fourway/platform-http';
import { SalesDoor } from './sales-door.ts';

const quotas = new Map([
  ['wallet:city-pay', 2],
  ['merchant:812345678900001', 1],
]);

function doorAt(path: { isBehind: boolean } = { isBehind: false }) {
  const refusals: string[] = [];
  const clock = { atMs: 1_000, nowMs: () => clock.atMs };
  const onRefused = (code: string, principal: string): void => void refusals.push(`${code} ${principal}`);
  return { door: new SalesDoor({ quotas, path, clock, onRefused }), clock, refusals };
}

function problemOf(work: () => void): Pick<HttpProblem, 'status' | 'code' | 'headers'> | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    const { status, code, headers } = error;
    return { status, code, headers };
  }
}

describe('the door for new orders and payments', () => {
  it('turns a principal away beyond its quota, says for how long, and nobody else', () => {
    const { door, clock, refusals } = doorAt();
    const pay = () => problemOf(() => door.passPayment('wallet:city-pay'));
    expect([pay(), pay()]).toEqual([null, null]);
    expect(pay()).toEqual({ status: 429, code: 'quota_exceeded', headers: { 'retry-after': '1' } });
    expect(problemOf(() => door.passPayment('wallet:other'))).toBeNull();
    expect(problemOf(() => door.passOrder('merchant:812345678900001'))).toBeNull();
    clock.atMs += 1_000;
    expect([pay(), pay(), pay()?.status]).toEqual([null, null, 429]);
    expect(refusals).toEqual(['quota_exceeded wallet:city-pay', 'quota_exceeded wallet:city-pay']);
  });

  it('turns new payments away while the path is behind, and no order', () => {
    const path = { isBehind: true };
    const { door, refusals } = doorAt(path);
    const refused = { status: 503, code: 'overloaded', headers: { 'retry-after': '2' } };
    expect(problemOf(() => door.passPayment('wallet:unknown-to-quotas'))).toEqual(refused);
    expect(problemOf(() => door.passPayment('wallet:city-pay'))).toEqual(refused);
    expect(problemOf(() => door.passOrder('merchant:812345678900002'))).toBeNull();
    path.isBehind = false;
    expect(problemOf(() => door.passPayment('wallet:unknown-to-quotas'))).toBeNull();
    // However many names there are, the metric has those of the quotas and one more.
    expect(refusals).toEqual(['overloaded other', 'overloaded wallet:city-pay']);
  });
});

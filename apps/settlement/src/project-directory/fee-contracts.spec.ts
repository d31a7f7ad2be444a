import { describe, expect, it } from '@jest/globals';
import { FeeContracts, type FeeContractTerms } from './fee-contracts.ts';

const contract = (feeContractId: number, version = 1n): FeeContractTerms => ({
  feeTermsId: feeContractId * 100 + Number(version),
  feeContractId,
  version,
  acquirerId: '48021000',
  terms: {
    mdrPpm: 6_000n,
    issuerDebitPpm: 0n,
    issuerCreditPpm: 0n,
    issuerDebitCapMinor: 0n,
    networkPpm: 0n,
    networkCapMinor: 0n,
    marginParts: [1n, 0n, 0n],
  },
});
const longMs = 60_000;

describe('FeeContracts', () => {
  it('keeps the newest version, whatever order they come in', () => {
    const contracts = new FeeContracts();
    contracts.publish([contract(1, 2n), contract(1, 1n)]);
    contracts.publish([contract(1, 1n)]);
    expect(contracts.newest.get(1)?.version).toBe(2n);
  });

  it('leaves a batch that took the contracts with the state it took', () => {
    const contracts = new FeeContracts();
    contracts.publish([contract(1)]);
    const taken = contracts.newest;
    contracts.publish([contract(1, 2n)]);
    expect(taken.get(1)?.version).toBe(1n);
  });

  it('wakes who waits when the last missing contract comes', async () => {
    const contracts = new FeeContracts();
    const waiting = contracts.waitFor([1, 2], longMs);
    contracts.publish([contract(1)]);
    contracts.publish([contract(2)]);
    await waiting;
    expect([...contracts.newest.keys()]).toEqual([1, 2]);
  });

  it('waits in vain once, not once a batch', async () => {
    const contracts = new FeeContracts();
    await contracts.waitFor([9], 1);
    await contracts.waitFor([9], longMs);
    contracts.publish([contract(9)]);
    expect(contracts.newest.has(9)).toBe(true);
  });
});

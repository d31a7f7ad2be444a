import { describe, expect, it } from '@jest/globals';
import type { DirectoryEntity } from '@fourway/contracts';
import fc from 'fast-check';
import { realBanks } from './banks.ts';
import { countDirectoryChanges, directoryChanges } from './directory-changes.ts';
import { cardToken } from './issuers.ts';
import { luhnDigit } from './luhn.ts';
import { createWorld, issuerOfToken } from './world.ts';

const world = createWorld({ seed: 7, merchants: 2_000 });

function placesNamedBy(entity: DirectoryEntity): string[] {
  if (entity.type === 'store') return [`merchant/${entity.store.merchantId}`];
  if (entity.type === 'terminal') return [`merchant/${entity.terminal.merchantId}`, `store/${entity.terminal.storeId}`];
  if (entity.type !== 'plate') return [];
  const { merchantId, storeId, terminalId } = entity.plate;
  return [`merchant/${merchantId}`, `store/${storeId}`, `terminal/${merchantId}-${terminalId}`];
}

describe('the world of a seed', () => {
  it('is the same world every time, and another one for another seed', () => {
    const again = createWorld({ seed: 7, merchants: 2_000 });
    const other = createWorld({ seed: 8, merchants: 2_000 });
    expect([...directoryChanges(again, 1)]).toEqual([...directoryChanges(world, 1)]);
    expect(other.merchant(5)).not.toEqual(world.merchant(5));
  });

  it('keeps a merchant when the world grows', () => {
    const large = createWorld({ seed: 7, merchants: 6_000_000 });
    for (const index of [0, 11, 20, 1_234, 1_999]) {
      expect(large.merchant(index)).toEqual(world.merchant(index));
      expect(large.premises(index)).toEqual(world.premises(index));
    }
  });

  it('gives every merchant an id of its own that the contract accepts', () => {
    const ids = Array.from({ length: world.merchantCount }, (_, i) => world.merchantId(i));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^8\d{14}$/.test(id))).toEqual([]);
  });

  it('names each entity only after those it refers to', () => {
    const seen = new Set<string>();
    for (const { entity } of directoryChanges(world, 1)) {
      const refersTo =
        entity.type === 'merchant'
          ? entity.merchant.acquirerContracts.flatMap((c) => [
              `acquirer/${c.acquirerId}`,
              `fee_contract/${c.feeContractId}`,
              `provider/${entity.merchant.providerId}`,
            ])
          : entity.type === 'fee_contract'
            ? [`acquirer/${entity.feeContract.acquirerId}`, `provider/${entity.feeContract.providerId}`]
            : placesNamedBy(entity);
      expect(refersTo.filter((key) => !seen.has(key))).toEqual([]);
      seen.add(`${entity.type}/${entity.id}`);
    }
    expect(seen.size).toBe(countDirectoryChanges(world));
  });

  it('has a store and a terminal for each merchant, and a plate where one stands on the counter, as partners may enter them', () => {
    const entities = [...directoryChanges(world, 1)].map(({ entity }) => entity);
    const stores = entities.flatMap((entity) => (entity.type === 'store' ? [entity.store] : []));
    const terminals = entities.flatMap((entity) => (entity.type === 'terminal' ? [entity.terminal] : []));
    const plates = entities.flatMap((entity) => (entity.type === 'plate' ? [entity.plate] : []));
    expect([stores.length, terminals.length]).toEqual([world.merchantCount, world.merchantCount]);
    expect(stores.filter(({ storeId }) => !/^S[0-9A-Z]{14}$/.test(storeId))).toEqual([]);
    expect(terminals.filter(({ terminalId }) => !/^[0-9A-Z]{8}$/.test(terminalId))).toEqual([]);
    expect(plates.filter(({ plateId }) => !/^[0-9A-Z]{12}$/.test(plateId))).toEqual([]);
    for (const ids of [stores.map(({ storeId }) => storeId), plates.map(({ plateId }) => plateId)]) {
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(plates.length).toBe(
      world.merchantsOf('wet_market') + world.merchantsOf('catering') + world.merchantsOf('campus'),
    );
  });

  it('leaves stores, terminals and plates out of the directory of a large world unless asked', () => {
    const types = (merchants: number, premises?: boolean): Set<string> => {
      const some = createWorld({
        seed: 7,
        merchants,
        issuers: 1,
        providers: 1,
        ...(premises === undefined ? {} : { premises }),
      });
      return new Set([...directoryChanges(some, 1)].map(({ entity }) => entity.type));
    };
    expect(types(20_000).has('store')).toBe(true);
    expect(types(20_001).has('store')).toBe(false);
    expect(types(20_001, true).has('plate')).toBe(true);
    expect(types(100, false).has('terminal')).toBe(false);
  });

  it('has 500 providers of uneven size', () => {
    expect(world.providerCount).toBe(500);
    const large = createWorld({ seed: 7, merchants: 100_000 });
    const counts = Map.groupBy(
      Array.from({ length: 20_000 }, (_, i) => large.merchant(i * 5).providerId),
      (id) => id,
    );
    const first = Array.from({ length: 50 }, (_, i) => counts.get(large.provider(i).providerId)?.length ?? 0);
    expect(counts.size).toBe(500);
    expect(Math.abs(first.reduce((sum, count) => sum + count, 0) / 20_000 - Math.sqrt(0.1))).toBeLessThan(0.02);
  });

  it("contracts a merchant only with fee contracts of the same acquirer, at the scenario's price", () => {
    const contracts = new Map([...world.feeContracts()].map((contract) => [contract.feeContractId, contract]));
    for (let i = 0; i < world.merchantCount; i += 1) {
      for (const { acquirerId, feeContractId, weight } of world.merchant(i).acquirerContracts) {
        expect(contracts.get(feeContractId)?.acquirerId).toBe(acquirerId);
        expect(weight >= 1 && weight <= 1_000).toBe(true);
      }
    }
  });

  it('has all ten scenarios, suspended merchants, and merchants of one and of two acquirers', () => {
    const indexes = Array.from({ length: world.merchantCount }, (_, i) => i);
    expect(new Set(indexes.map((i) => world.scenario(i).name)).size).toBe(10);
    expect(new Set(indexes.map((i) => world.merchant(i).acquirerContracts.length))).toEqual(new Set([1, 2]));
    expect(indexes.filter((i) => world.isSuspended(i)).length).toBeGreaterThan(0);
  });
});

describe('issuers', () => {
  it('are 230 institutions with real BINs, each BIN with one of them', () => {
    const bins = world.issuers.flatMap((issuer) => issuer.bins);
    expect(world.issuers.length).toBe(230);
    expect(new Set(world.issuers.map(({ issuerId }) => issuerId)).size).toBe(230);
    expect(world.issuers.filter((issuer) => issuer.bins.length === 0)).toEqual([]);
    // Two banks of the package's table name the same BIN now and then; our split adds no other overlap.
    expect(bins.length).toBe(realBanks().reduce((sum, bank) => sum + bank.bins.length, 0));
  });

  it('keep clear of tokens: no real BIN reaches into the token range', () => {
    expect(realBanks().flatMap(({ bins }) => bins.filter((bin) => bin.startsWith('6299')))).toEqual([]);
  });

  it('own the range that their tokens lie in, whatever the card', () => {
    const types = fc.constantFrom('debit' as const, 'credit' as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 229 }),
        types,
        fc.integer({ min: 0, max: 9_999_999 }),
        (index, type, account) => {
          const token = cardToken(index, type, account);
          const range = issuerOfToken(world, token).tokenRanges.find(({ cardType }) => cardType === type);
          expect(token).toMatch(/^\d{16}$/);
          expect(range !== undefined && range.first <= token && token <= range.last).toBe(true);
          expect(luhnDigit(token.slice(0, -1))).toBe(Number(token.at(-1)));
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { countDirectoryChanges, createWorld, directoryChanges } from '@fourway/world';
import { importBodies, importLineOf } from './import-lines.ts';

const world = createWorld({ seed: 1, merchants: 50 });

describe('importLineOf', () => {
  it('is the fields of an entity under the name of its type, money as integers', () => {
    const [contract] = [...directoryChanges(world, 1)].filter(({ entity }) => entity.type === 'fee_contract');
    expect(contract).toBeDefined();
    if (contract === undefined) return;
    const line: unknown = JSON.parse(importLineOf(contract));
    expect(line).toMatchObject({
      type: 'fee_contract',
      status: 'active',
      feeContract: { feeContractId: 1, issuerDebitCapMinor: expect.any(Number), networkCapMinor: expect.any(Number) },
    });
    expect(Object.keys({ ...(typeof line === 'object' ? line : {}) }).toSorted()).toEqual([
      'feeContract',
      'status',
      'type',
    ]);
  });
});

describe('importBodies', () => {
  it('hold every line once, in order, whatever their size', () => {
    const lines = [...directoryChanges(world, 1)].map(importLineOf);
    for (const linesABody of [1, 7, lines.length, lines.length + 1]) {
      const bodies = [...importBodies(directoryChanges(world, 1), linesABody)];
      expect(bodies.flatMap(({ bytes }) => bytes.toString().split('\n'))).toEqual(lines);
      expect(bodies.reduce((sum, body) => sum + body.lines, 0)).toBe(countDirectoryChanges(world));
    }
  });
});

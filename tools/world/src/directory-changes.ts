import { terminalKey, type DirectoryChange, type DirectoryEntity } from '@fourway/contracts';
import { hasPlate } from './premises.ts';
import { hasAgent, makeAgent } from './providers.ts';
import { scenarioNames } from './scenarios.ts';
import type { World } from './world.ts';

/**
 * The world as records of directory.changed.v1, each entity after those that it names: acquirers, issuers, providers and their
 * agents, fee contracts, merchants, each followed by its store, terminal and plate where the world has them.
 * @param changedAtMs milliseconds since the Unix epoch; also the version, so that a world loaded later wins
 */
export function* directoryChanges(world: World, changedAtMs: number): Generator<DirectoryChange> {
  const change = (entity: DirectoryEntity, status: DirectoryChange['status'] = 'active'): DirectoryChange => ({
    ...{ version: BigInt(changedAtMs), status, changedAtMs, entity },
  });
  for (const acquirer of world.acquirers) yield change({ type: 'acquirer', id: acquirer.acquirerId, acquirer });
  for (const issuer of world.issuers) yield change({ type: 'issuer', id: issuer.issuerId, issuer });
  for (let i = 0; i < world.providerCount; i += 1) {
    for (const provider of hasAgent(i) ? [makeAgent(i), world.provider(i)] : [world.provider(i)]) {
      yield change({ type: 'provider', id: provider.providerId, provider });
    }
  }
  for (const feeContract of world.feeContracts()) {
    yield change({ type: 'fee_contract', id: String(feeContract.feeContractId), feeContract });
  }
  for (let i = 0; i < world.merchantCount; i += 1) {
    const merchant = world.merchant(i);
    yield change(
      { type: 'merchant', id: merchant.merchantId, merchant },
      world.isSuspended(i) ? 'suspended' : 'active',
    );
    if (world.hasPremises) yield* premisesOf(world, i).map((entity) => change(entity));
  }
}

function premisesOf(world: World, index: number): DirectoryEntity[] {
  const { store, terminal, plate } = world.premises(index);
  return [
    { type: 'store', id: store.storeId, store },
    { type: 'terminal', id: terminalKey(terminal), terminal },
    ...(plate === null ? [] : [{ type: 'plate' as const, id: plate.plateId, plate }]),
  ];
}

/** How many records `directoryChanges` makes, for progress. */
export function countDirectoryChanges(world: World): number {
  const agents = Array.from({ length: world.providerCount }, (_, i) => hasAgent(i)).filter(Boolean).length;
  const contracts = [...world.feeContracts()].length;
  const { acquirers, issuers, providerCount, merchantCount } = world;
  return acquirers.length + issuers.length + providerCount + agents + contracts + merchantCount + countPremises(world);
}

function countPremises(world: World): number {
  if (!world.hasPremises) return 0;
  const plates = scenarioNames.filter(hasPlate).reduce((sum, name) => sum + world.merchantsOf(name), 0);
  return 2 * world.merchantCount + plates;
}

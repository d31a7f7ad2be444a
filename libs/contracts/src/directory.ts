import Long from 'long';
import type {
  Acquirer,
  DirectoryChanged,
  EntityStatus,
  FeeContract as WireFeeContract,
  Issuer,
  Merchant,
  Plate,
  Provider,
  Store,
  Terminal,
} from './generated/wire.ts';
import { schemaVersion, wireCodec } from './wire-codec.ts';

export type {
  Acquirer,
  AcquirerContract,
  Issuer,
  Merchant,
  Plate,
  Provider,
  Store,
  Terminal,
  TokenRange,
} from './generated/wire.ts';

/** Fees of one acquirer contract: rates in ppm of the amount, caps in minor units (0n: none), margin shared by parts. */
export interface FeeContract extends Omit<WireFeeContract, 'issuerDebitCapMinor' | 'networkCapMinor'> {
  readonly issuerDebitCapMinor: bigint;
  readonly networkCapMinor: bigint;
}

export type DirectoryEntity =
  | { readonly type: 'merchant'; readonly id: string; readonly merchant: Merchant }
  | { readonly type: 'provider'; readonly id: string; readonly provider: Provider }
  | { readonly type: 'acquirer'; readonly id: string; readonly acquirer: Acquirer }
  | { readonly type: 'issuer'; readonly id: string; readonly issuer: Issuer }
  | { readonly type: 'fee_contract'; readonly id: string; readonly feeContract: FeeContract }
  | { readonly type: 'store'; readonly id: string; readonly store: Store }
  /** Its id is `<merchant id>-<terminal id>`. */
  | { readonly type: 'terminal'; readonly id: string; readonly terminal: Terminal }
  | { readonly type: 'plate'; readonly id: string; readonly plate: Plate };

/** The newest state of one entity: a record of directory.changed.v1. */
export interface DirectoryChange {
  /** Rises with every change of the entity; a reader ignores an older one. */
  readonly version: bigint;
  readonly status: 'active' | 'suspended' | 'closed';
  /** Milliseconds since the Unix epoch. */
  readonly changedAtMs: number;
  readonly entity: DirectoryEntity;
}

const codec = wireCodec<DirectoryChanged>('DirectoryChanged');
const statuses = ['active', 'suspended', 'closed'] as const;

/** The record key of an entity: the topic is compacted by it. */
export const directoryKey = (entity: DirectoryEntity): string => `${entity.type}/${entity.id}`;

/** Writes a record of directory.changed.v1. */
export const encodeDirectoryChange = (change: DirectoryChange): Buffer =>
  codec.encode({
    schemaVersion,
    version: Long.fromBigInt(change.version, true),
    status: (statuses.indexOf(change.status) + 1) as EntityStatus,
    changedAtMs: Long.fromNumber(change.changedAtMs),
    ...entityToWire(change.entity),
  });

/**
 * Reads a record of directory.changed.v1; null for an entity of a type that this version does not know.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export function decodeDirectoryChange(bytes: Uint8Array): DirectoryChange | null {
  const wire = codec.decode(bytes);
  const entity = entityFromWire(wire);
  if (entity === null) return null;
  return {
    version: wire.version.toBigInt(),
    status: statuses[wire.status - 1] ?? 'closed',
    changedAtMs: wire.changedAtMs.toNumber(),
    entity,
  };
}

function entityToWire(entity: DirectoryEntity): Partial<DirectoryChanged> {
  switch (entity.type) {
    case 'merchant':
      return { merchant: entity.merchant };
    case 'provider':
      return { provider: entity.provider };
    case 'acquirer':
      return { acquirer: entity.acquirer };
    case 'issuer':
      return { issuer: entity.issuer };
    case 'fee_contract':
      return {
        feeContract: {
          ...entity.feeContract,
          issuerDebitCapMinor: Long.fromBigInt(entity.feeContract.issuerDebitCapMinor),
          networkCapMinor: Long.fromBigInt(entity.feeContract.networkCapMinor),
        },
      };
    case 'store':
      return { store: entity.store };
    case 'terminal':
      return { terminal: entity.terminal };
    case 'plate':
      return { plate: entity.plate };
  }
}

function entityFromWire(wire: DirectoryChanged): DirectoryEntity | null {
  const { merchant, provider, acquirer, issuer, feeContract } = wire;
  if (merchant) return { type: 'merchant', id: merchant.merchantId, merchant };
  if (provider) return { type: 'provider', id: provider.providerId, provider };
  if (acquirer) return { type: 'acquirer', id: acquirer.acquirerId, acquirer };
  if (issuer) return { type: 'issuer', id: issuer.issuerId, issuer };
  if (!feeContract) return premisesFromWire(wire);
  return {
    type: 'fee_contract',
    id: String(feeContract.feeContractId),
    feeContract: feeContractFromWire(feeContract),
  };
}

/** Where a merchant is paid. */
function premisesFromWire({ store, terminal, plate }: DirectoryChanged): DirectoryEntity | null {
  if (store) return { type: 'store', id: store.storeId, store };
  if (terminal) return { type: 'terminal', id: terminalKey(terminal), terminal };
  return plate ? { type: 'plate', id: plate.plateId, plate } : null;
}

/** The entity id of a terminal: terminal numbers are the merchants' own. */
export const terminalKey = ({ merchantId, terminalId }: Terminal): string => `${merchantId}-${terminalId}`;

const feeContractFromWire = (wire: WireFeeContract): FeeContract => ({
  feeContractId: wire.feeContractId,
  acquirerId: wire.acquirerId,
  providerId: wire.providerId,
  agentId: wire.agentId,
  mdrPpm: wire.mdrPpm,
  issuerDebitPpm: wire.issuerDebitPpm,
  issuerCreditPpm: wire.issuerCreditPpm,
  issuerDebitCapMinor: wire.issuerDebitCapMinor.toBigInt(),
  networkPpm: wire.networkPpm,
  networkCapMinor: wire.networkCapMinor.toBigInt(),
  acquirerParts: wire.acquirerParts,
  providerParts: wire.providerParts,
  agentParts: wire.agentParts,
});

import { decodeDirectoryChange, type FeeContract } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';

/** A fee contract as the directory published it, and its version. */
export interface PublishedFeeContract {
  readonly version: bigint;
  readonly contract: FeeContract;
}

const keyPrefix = Buffer.from('fee_contract/');
const million = 1_000_000;
const largestId = 2_147_483_647;

/** True for the records this service keeps; the key decides, so that millions of merchants cost no decoding. */
export const isFeeContractKey = (key: Buffer | null): boolean =>
  key !== null && key.subarray(0, keyPrefix.length).equals(keyPrefix);

/**
 * The fee contract of a directory record; null for another entity.
 * @throws SwitchError `undecodable`, `unknown_version`, also for a contract that no fee can be computed with
 */
export function feeContractOfRecord(value: Buffer): PublishedFeeContract | null {
  const change = decodeDirectoryChange(value);
  if (change?.entity.type !== 'fee_contract') return null;
  const contract = withoutAbsentParties(change.entity.feeContract);
  const fault = faultOf(contract);
  if (fault !== null) throw new SwitchError('undecodable', `fee contract ${contract.feeContractId}: ${fault}`);
  return { version: change.version, contract };
}

/** Nobody shares a margin by the parts of a party that is not named: the acquirer keeps them. */
const withoutAbsentParties = (contract: FeeContract): FeeContract => ({
  ...contract,
  providerParts: contract.providerId === '' ? 0 : contract.providerParts,
  agentParts: contract.agentId === '' ? 0 : contract.agentParts,
});

function faultOf(contract: FeeContract): string | null {
  if (contract.feeContractId < 1 || contract.feeContractId > largestId)
    return `fee_contract_id must be 1 to ${largestId}`;
  if (!/^\d{8}$/.test(contract.acquirerId)) return 'acquirer_id must be an IIN of 8 digits';
  const rates = [contract.mdrPpm, contract.issuerDebitPpm, contract.issuerCreditPpm, contract.networkPpm];
  if (rates.some((ppm) => ppm > million)) return 'a rate is above 1,000,000 ppm';
  return contract.issuerDebitCapMinor < 0n || contract.networkCapMinor < 0n ? 'a cap is negative' : null;
}

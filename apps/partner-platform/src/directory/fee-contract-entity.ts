import type { DirectoryEntity } from '@fourway/contracts';
import type { z } from 'zod';
import type { feeContractFields } from './entity-fields.ts';

/** A fee contract as its schema reads it; caps become money. */
export function feeContractEntity(
  fields: z.output<typeof feeContractFields>,
): Extract<DirectoryEntity, { type: 'fee_contract' }> {
  const { issuerDebitCapMinor, networkCapMinor, ...others } = fields;
  const caps = { issuerDebitCapMinor: BigInt(issuerDebitCapMinor), networkCapMinor: BigInt(networkCapMinor) };
  return { type: 'fee_contract', id: String(fields.feeContractId), feeContract: { ...others, ...caps } };
}

import { z } from 'zod';
import {
  feeContractFields,
  merchantFields,
  plateFields,
  providerFields,
  providerId,
  status,
} from '../directory/entity-fields.ts';

const version = z.int().min(1);
const changeFields = { status: status.optional(), version: version.optional() };

/** PATCH /v1/providers/{id}. */
export const providerChange = providerFields.omit({ providerId: true }).partial().extend(changeFields);

/** PATCH /v1/merchants/{id}; the currency is that of contracts that payments were made by. */
export const merchantChange = merchantFields.omit({ merchantId: true, currency: true }).partial().extend(changeFields);

/** POST /v1/fee-contracts: with `version` new terms for a contract, without a new contract. */
export const feeTerms = feeContractFields.extend({ version: version.optional() });

/** POST /v1/plates: a plate is printed before it is bound. */
export const printedPlate = plateFields.pick({ plateId: true }).extend({ providerId: providerId.optional() });

/** POST /v1/plates/{id}/bind. */
export const plateBinding = plateFields.omit({ plateId: true }).extend({ merchantId: merchantFields.shape.merchantId });

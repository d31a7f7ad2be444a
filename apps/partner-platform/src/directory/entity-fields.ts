import { z } from 'zod';
import { isCurrency, maxAmountMinor } from '@fourway/kernel';

const ruled = (code: string, rule: string, remedy: string) => ({ error: rule, params: { code, rule, remedy } });
const digits = (count: number, what: string): z.ZodString =>
  z.string().regex(new RegExp(`^\\d{${count}}$`), `must be ${what} of ${count} digits`);

const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

/** One line that people read: well-formed Unicode without control characters. */
const name = z
  .string()
  .min(1)
  .max(64)
  .refine(
    (text) => text.isWellFormed() && !controlCharacter.test(text),
    ruled('not_printable', 'must be printable Unicode', 'Remove control characters and lone surrogates.'),
  )
  .refine((text) => text.trim() === text, ruled('outer_space', 'must not begin or end with a space', 'Trim it.'));

export const merchantId = z.string().regex(/^[1-9]\d{14}$/, 'must be 15 digits, the first not 0');
export const providerId = z.string().regex(/^[0-9A-Z]{2,16}$/, 'must be 2 to 16 characters 0-9 or A-Z');
export const storeId = z.string().regex(/^[0-9A-Z]{1,15}$/, 'must be 1 to 15 characters 0-9 or A-Z');
export const terminalId = z.string().regex(/^[0-9A-Z]{8}$/, 'must be 8 characters 0-9 or A-Z');
export const plateId = z.string().regex(/^[0-9A-Z]{12}$/, 'must be 12 characters 0-9 or A-Z');
export const feeContractId = z.int().min(1).max(2_147_483_647);
export const status = z.enum(['active', 'suspended', 'closed']);
const acquirerId = digits(8, 'an IIN');
const region = digits(6, 'a GB/T 2260 division code');
const currency = z
  .string()
  .refine(isCurrency, ruled('unknown_currency', 'must be a currency that the network clears: CNY', 'Send CNY.'));
const ppm = z.int().min(0).max(1_000_000);
const parts = z.int().min(0).max(1_000);
const capMinor = z.int().min(0).max(Number(maxAmountMinor));

const acquirerContract = z.strictObject({ acquirerId, feeContractId, weight: z.int().min(1).max(1_000) });

export const providerFields = z.strictObject({
  providerId,
  name,
  type: z.enum(['aggregator', 'ground_promotion', 'agent']),
});

export const merchantFields = z.strictObject({
  merchantId,
  name,
  mcc: digits(4, 'an ISO 18245 merchant category code'),
  scenario: z.string().regex(/^[a-z][a-z_]{1,31}$/, 'must be 2 to 32 characters a-z or _'),
  currency,
  region,
  acquirerContracts: z
    .array(acquirerContract)
    .min(1)
    .max(8)
    .refine(
      (contracts) => new Set(contracts.map((one) => one.acquirerId)).size === contracts.length,
      ruled('duplicate_acquirer', 'must name each acquirer once', 'Merge the contracts with one acquirer.'),
    ),
  providerId,
});

export const storeFields = z.strictObject({ storeId, merchantId, name, region });
export const terminalFields = z.strictObject({ terminalId, merchantId, storeId });
export const plateFields = z.strictObject({
  plateId,
  merchantId: merchantId.or(z.literal('')).default(''),
  storeId: storeId.or(z.literal('')).default(''),
  terminalId: terminalId.or(z.literal('')).default(''),
});

export const acquirerFields = z.strictObject({ acquirerId, name });

const token = digits(16, 'a token');
const tokenRange = z
  .strictObject({ first: token, last: token, cardType: z.enum(['debit', 'credit']) })
  .refine(
    ({ first, last }) => first <= last,
    ruled('range_reversed', 'must have first at or before last', 'Swap them.'),
  );

export const issuerFields = z.strictObject({
  issuerId: digits(8, 'an institution code'),
  name,
  bins: z.array(z.string().regex(/^\d{3,12}$/, 'must be 3 to 12 digits')).max(1_000),
  tokenRanges: z.array(tokenRange).max(100),
});

export const feeContractFields = z.strictObject({
  feeContractId,
  acquirerId,
  providerId: providerId.or(z.literal('')).default(''),
  agentId: providerId.or(z.literal('')).default(''),
  mdrPpm: ppm,
  issuerDebitPpm: ppm,
  issuerCreditPpm: ppm,
  issuerDebitCapMinor: capMinor,
  networkPpm: ppm,
  networkCapMinor: capMinor,
  acquirerParts: parts,
  providerParts: parts,
  agentParts: parts,
});

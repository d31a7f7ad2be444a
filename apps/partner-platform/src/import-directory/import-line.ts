import { z } from 'zod';
import { terminalKey, type DirectoryEntity } from '@fourway/contracts';
import { problemOfZod, type FieldProblem } from '@fourway/platform-http';
import {
  acquirerFields,
  feeContractFields,
  issuerFields,
  merchantFields,
  plateFields,
  providerFields,
  providerId,
  status,
  storeFields,
  terminalFields,
} from '../directory/entity-fields.ts';
import { feeContractEntity } from '../directory/fee-contract-entity.ts';
import { referencesOf, type Reference } from '../directory/references.ts';
import type { EntityStatus } from '../directory/stored-entity.ts';

/** One line of an import, read. */
export interface ImportLine {
  /** From 1. */
  readonly line: number;
  readonly entity: DirectoryEntity;
  readonly references: readonly Reference[];
  readonly status: EntityStatus;
  /** The provider that an unbound plate was issued to. */
  readonly stock: string | null;
}

/** Why a line is not taken. */
export interface LineFault {
  readonly line: number;
  readonly problems: readonly FieldProblem[];
}

const apiKeyVersion = z.int().min(0).max(999_999_999).default(0);
const lineStatus = status.default('active');

/** A line: its type, its status, and the fields under the name of the type. */
export const importLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('provider'), status: lineStatus, provider: providerFields }),
  z.strictObject({
    type: z.literal('merchant'),
    status: lineStatus,
    merchant: merchantFields.extend({ apiKeyVersion }),
  }),
  z.strictObject({ type: z.literal('store'), status: lineStatus, store: storeFields }),
  z.strictObject({ type: z.literal('terminal'), status: lineStatus, terminal: terminalFields }),
  z.strictObject({
    type: z.literal('plate'),
    status: lineStatus,
    plate: plateFields,
    providerId: providerId.optional(),
  }),
  z.strictObject({ type: z.literal('acquirer'), status: lineStatus, acquirer: acquirerFields }),
  z.strictObject({ type: z.literal('issuer'), status: lineStatus, issuer: issuerFields }),
  z.strictObject({ type: z.literal('fee_contract'), status: lineStatus, feeContract: feeContractFields }),
]);

type ParsedLine = z.output<typeof importLine>;

/** Reads a line; what is wrong with it where it cannot be taken. @param text null where it is not UTF-8 */
export function parseImportLine(text: string | null, line: number): ImportLine | LineFault {
  if (text === null) return fault(line, notJson('must be UTF-8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault(line, notJson('must be one JSON object'));
  }
  const parsed = importLine.safeParse(value);
  if (!parsed.success) return { line, problems: problemOfZod(parsed.error).errors ?? [] };
  const stock = parsed.data.type === 'plate' ? (parsed.data.providerId ?? null) : null;
  const entity = entityOf(parsed.data);
  return { line, entity, references: referencesOf(entity), status: parsed.data.status, stock };
}

function entityOf(parsed: ParsedLine): DirectoryEntity {
  switch (parsed.type) {
    case 'provider':
      return { type: 'provider', id: parsed.provider.providerId, provider: parsed.provider };
    case 'merchant':
      return { type: 'merchant', id: parsed.merchant.merchantId, merchant: parsed.merchant };
    case 'store':
      return { type: 'store', id: parsed.store.storeId, store: parsed.store };
    case 'terminal':
      return { type: 'terminal', id: terminalKey(parsed.terminal), terminal: parsed.terminal };
    case 'plate':
      return { type: 'plate', id: parsed.plate.plateId, plate: parsed.plate };
    case 'acquirer':
      return { type: 'acquirer', id: parsed.acquirer.acquirerId, acquirer: parsed.acquirer };
    case 'issuer':
      return { type: 'issuer', id: parsed.issuer.issuerId, issuer: parsed.issuer };
    case 'fee_contract':
      return feeContractEntity(parsed.feeContract);
  }
}

const notJson = (rule: string): FieldProblem => ({
  pointer: '',
  code: 'malformed_json',
  rule,
  remedy: 'Send one JSON object a line (NDJSON).',
});
const fault = (line: number, problem: FieldProblem): LineFault => ({ line, problems: [problem] });

export const isFault = (line: ImportLine | LineFault): line is LineFault => 'problems' in line;

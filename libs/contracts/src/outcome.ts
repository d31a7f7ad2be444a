import Long from 'long';
import { SwitchError } from '@fourway/kernel';
import type { CardType, OperationKind, OutcomeRecorded, OutcomeStatus } from './generated/wire.ts';
import { operationKinds, type OperationKindName } from './operation.ts';
import { schemaVersion, wireCodec } from './wire-codec.ts';

export const outcomeStatuses = ['approved', 'declined', 'reversed', 'expired'] as const;
export type OutcomeStatusName = (typeof outcomeStatuses)[number];
export const cardTypes = ['debit', 'credit'] as const;
export type CardTypeName = (typeof cardTypes)[number];

/** The one final answer to an operation: a record of payments.outcomes.v1, made from the stored row. */
export interface Outcome {
  readonly operationId: string;
  readonly rootId: string;
  /** Counts the outcomes of one payment from 1; 0 where there is no such payment. */
  readonly sequence: number;
  readonly kind: OperationKindName;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly merchantOrderNo: string;
  readonly status: OutcomeStatusName;
  /** ISO 8583 DE39 when an acquirer answered, else a code of ours such as `risk_declined`. */
  readonly responseCode: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** IIN of the acquirer; empty where none was chosen. */
  readonly acquirerId: string;
  readonly issuerId: string;
  readonly cardType: CardTypeName;
  /** DE37 of the attempt; empty where nothing was sent. */
  readonly rrn: string;
  /** DE38 of an approval; else empty. */
  readonly authCode: string;
  /** 0 where no acquirer was chosen. */
  readonly feeContractId: number;
  readonly scenario: string;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly decidedAtMs: number;
  /** `YYYY-MM-DD`, from Postgres' clock when the outcome was stored. */
  readonly businessDate: string;
  /** The capture or refund that a void or reversal undoes; absent where it undoes the root. */
  readonly originalOperationId?: string;
  /** What kind of operation a void or reversal undoes; absent in every other kind. */
  readonly originalKind?: OperationKindName;
}

/**
 * The end of a business date in one partition of payments.outcomes.v1, as far as one source partition goes: every outcome of that date
 * which the owner of the source partition published is before it.
 */
export interface CutMark {
  /** Tells a mark from an outcome, whose kind is an operation's. */
  readonly kind: 'cut_mark';
  /** The date that ends, `YYYY-MM-DD`. */
  readonly businessDate: string;
  /** Partition of payments.scored.v1 that the mark speaks for. */
  readonly sourcePartition: number;
  /** How many of those there are: the date has ended here with the marks of all. */
  readonly sourcePartitions: number;
}

type Wire = Omit<OutcomeRecorded, 'cut'> & { readonly cut: OutcomeRecorded['cut'] | null };

const codec = wireCodec<Wire>('OutcomeRecorded');
// Enum numbers follow the order of the names; 0 is UNSPECIFIED.
const numberOf = (names: readonly string[], name: string): number => names.indexOf(name) + 1;

/** Writes a record of payments.outcomes.v1. */
export const encodeOutcome = (outcome: Outcome): Buffer =>
  codec.encode({
    schemaVersion,
    operationId: outcome.operationId,
    rootId: outcome.rootId,
    sequence: outcome.sequence,
    kind: numberOf(operationKinds, outcome.kind) as OperationKind,
    merchantId: outcome.merchantId,
    terminalId: outcome.terminalId,
    merchantOrderNo: outcome.merchantOrderNo,
    status: numberOf(outcomeStatuses, outcome.status) as OutcomeStatus,
    responseCode: outcome.responseCode,
    amountMinor: Long.fromBigInt(outcome.amountMinor),
    currency: outcome.currency,
    acquirerId: outcome.acquirerId,
    issuerId: outcome.issuerId,
    cardType: numberOf(cardTypes, outcome.cardType) as CardType,
    rrn: outcome.rrn,
    authCode: outcome.authCode,
    feeContractId: outcome.feeContractId,
    scenario: outcome.scenario,
    requestedAtMs: Long.fromNumber(outcome.requestedAtMs),
    decidedAtMs: Long.fromNumber(outcome.decidedAtMs),
    businessDate: outcome.businessDate,
    ...originalToWire(outcome),
  });

/** Nothing is written for what undoes nothing, which is nearly all. */
function originalToWire({ originalOperationId, originalKind }: Outcome): Partial<Wire> {
  if (originalKind === undefined) return {};
  const kind = numberOf(operationKinds, originalKind) as OperationKind;
  return originalOperationId === undefined ? { originalKind: kind } : { originalKind: kind, originalOperationId };
}

/** Writes a cut mark, a record of payments.outcomes.v1 too. */
export const encodeCutMark = ({ businessDate, sourcePartition, sourcePartitions }: Omit<CutMark, 'kind'>): Buffer =>
  codec.encode({ schemaVersion, cut: { businessDate, sourcePartition, sourcePartitions } });

/** How every outcome that `encodeOutcome` writes begins: schema_version 1, then an operation_id of 36 characters. */
const beginning = Buffer.from([0x08, schemaVersion, 0x12, 36]);

/**
 * The operation an outcome is of, without reading the rest: for readers who pass over most of them. Null where the record does not begin
 * as ours do (a cut mark, another writer's order of fields): then it has to be decoded.
 */
export function operationIdOfOutcome(bytes: Buffer): string | null {
  const end = beginning.length + 36;
  return bytes.length > end && beginning.compare(bytes, 0, beginning.length) === 0
    ? bytes.toString('latin1', beginning.length, end)
    : null;
}

/**
 * Reads an outcome of payments.outcomes.v1; null for a cut mark, which only settlement has a use for.
 * @throws SwitchError as `decodeOutcomeRecord`
 */
export function decodeOutcome(bytes: Uint8Array): Outcome | null {
  const record = decodeOutcomeRecord(bytes);
  return record.kind === 'cut_mark' ? null : record;
}

/**
 * Reads any record of payments.outcomes.v1; `kind` tells which it is.
 * @throws SwitchError `undecodable` (also for a kind, status or card type that this version does not know), `unknown_version`
 */
export function decodeOutcomeRecord(bytes: Uint8Array): Outcome | CutMark {
  const wire = codec.decode(bytes);
  if (wire.cut !== null) {
    const { businessDate, sourcePartition, sourcePartitions } = wire.cut;
    return { kind: 'cut_mark', businessDate, sourcePartition, sourcePartitions };
  }
  const outcome: Outcome = {
    operationId: wire.operationId,
    rootId: wire.rootId,
    sequence: wire.sequence,
    kind: nameOf(operationKinds, wire.kind, 'kind'),
    merchantId: wire.merchantId,
    terminalId: wire.terminalId,
    merchantOrderNo: wire.merchantOrderNo,
    status: nameOf(outcomeStatuses, wire.status, 'status'),
    responseCode: wire.responseCode,
    amountMinor: wire.amountMinor.toBigInt(),
    currency: wire.currency,
    acquirerId: wire.acquirerId,
    issuerId: wire.issuerId,
    cardType: nameOf(cardTypes, wire.cardType, 'card_type'),
    rrn: wire.rrn,
    authCode: wire.authCode,
    feeContractId: wire.feeContractId,
    scenario: wire.scenario,
    requestedAtMs: wire.requestedAtMs.toNumber(),
    decidedAtMs: wire.decidedAtMs.toNumber(),
    businessDate: wire.businessDate,
  };
  if (wire.originalKind === 0) return outcome;
  const originalKind = nameOf(operationKinds, wire.originalKind, 'original_kind');
  const { originalOperationId } = wire;
  return originalOperationId === '' ? { ...outcome, originalKind } : { ...outcome, originalKind, originalOperationId };
}

function nameOf<T extends string>(names: readonly T[], value: number, field: string): T {
  const name = names[value - 1];
  if (name === undefined)
    throw new SwitchError('undecodable', `OutcomeRecorded.${field} is ${value}, which this version does not know`);
  return name;
}

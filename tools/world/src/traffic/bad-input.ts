import { encodeOperationRequested, type OperationRequest } from '@fourway/contracts';
import { maxAmountMinor } from '@fourway/kernel';
import type { RandomSequence } from '../random.ts';
import { unissuedToken } from './cards.ts';
import type { Expected, TrafficItem, TrafficRecord } from './item.ts';
import type { Sales } from './sales.ts';

const minute = 60_000;
const day = 1_440 * minute;

interface BadInputContext {
  readonly sales: Sales;
  readonly random: RandomSequence;
  readonly nowMs: number;
}

interface Defect {
  readonly expected: Expected;
  /** The fields that make a sound sale unsound. */
  readonly fields?: (context: BadInputContext) => Partial<OperationRequest>;
  /** Damage below the level of fields. */
  readonly damage?: (value: Buffer, context: BadInputContext) => Buffer;
}

const refusal = (code: string): Expected => ({ answer: 'refusal', code });
const sameRoot = (operationId: string): Partial<OperationRequest> => ({ operationId, rootId: operationId });

const defects = {
  undecodable_bytes: {
    expected: { answer: 'dead_letter', code: 'undecodable' },
    // A length that runs past the end can be no message.
    damage: (_, { random }) => Buffer.concat([Buffer.from([0x12, 0xff, 0x7f]), random.bytes(24)]),
  },
  unknown_version: {
    expected: { answer: 'dead_letter', code: 'unknown_version' },
    // Of a field that comes twice the last one counts.
    damage: (value) => Buffer.concat([value, Buffer.from([0x08, 0x63])]),
  },
  missing_field: { expected: refusal('missing_field'), fields: () => ({ merchantOrderNo: '' }) },
  zero_amount: { expected: refusal('amount_not_positive'), fields: () => ({ amountMinor: 0n }) },
  negative_amount: { expected: refusal('amount_not_positive'), fields: () => ({ amountMinor: -1n }) },
  over_limit_amount: {
    expected: refusal('amount_over_limit'),
    fields: () => ({ amountMinor: maxAmountMinor + 1n }),
  },
  id_not_v7: {
    expected: refusal('id_not_v7'),
    fields: ({ sales, nowMs }) => sameRoot(sales.newId(nowMs).replace(/^(.{14})7/, '$14')),
  },
  id_too_old: {
    expected: refusal('id_out_of_range'),
    fields: ({ sales, nowMs }) => sameRoot(sales.newId(nowMs - 36 * day)),
  },
  id_too_far_ahead: {
    expected: refusal('id_out_of_range'),
    fields: ({ sales, nowMs }) => sameRoot(sales.newId(nowMs + 10 * minute)),
  },
  unknown_merchant: { expected: refusal('unknown_merchant'), fields: () => ({ merchantId: '899999999999999' }) },
  other_currency: { expected: refusal('currency_unknown'), fields: () => ({ currency: 'USD' }) },
  root_of_another: {
    expected: refusal('root_id_differs'),
    fields: ({ sales, nowMs }) => ({ rootId: sales.newId(nowMs) }),
  },
  unsupported_kind: { expected: refusal('kind_not_supported'), fields: () => ({ kind: null }) },
  malformed_merchant: { expected: refusal('merchant_id_malformed'), fields: () => ({ merchantId: '012345678901234' }) },
  malformed_token: { expected: refusal('card_token_malformed'), fields: () => ({ cardToken: '6299' }) },
  unknown_card_range: {
    expected: refusal('unknown_card_token'),
    fields: ({ random }) => ({ cardToken: unissuedToken(random.below(1_000)) }),
  },
  requested_in_future: {
    expected: refusal('requested_at_out_of_range'),
    fields: ({ nowMs }) => ({ requestedAtMs: nowMs + 10 * minute }),
  },
  expiry_too_late: {
    expected: refusal('expires_at_out_of_range'),
    fields: ({ nowMs }) => ({ expiresAtMs: nowMs + day }),
  },
} as const satisfies Record<string, Defect>;

export type BadInput = keyof typeof defects;

/** Every sort of input that must be refused or set aside. */
export const badInputs = Object.keys(defects).sort().filter(isBadInput);

function isBadInput(name: string): name is BadInput {
  return Object.hasOwn(defects, name);
}

/** A sale spoiled in one way. */
export function spoiledSale(stimulus: BadInput, context: BadInputContext): TrafficItem {
  const defect: Defect = defects[stimulus];
  const { request, scenario } = context.sales.next(defect.fields?.(context));
  const encoded = encodeOperationRequested(request);
  const record: TrafficRecord = {
    eventId: request.eventId,
    key: request.rootId,
    value: defect.damage?.(encoded, context) ?? encoded,
    role: 'request',
    send: { afterMs: 0 },
  };
  return {
    stimulus,
    operationId: defect.expected.answer === 'dead_letter' ? '' : request.operationId,
    scenario: scenario.name,
    records: [record],
    expected: defect.expected,
  };
}

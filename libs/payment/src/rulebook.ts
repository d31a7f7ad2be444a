import { formatMinor, isCurrency, isUuid, isUuidV7, maxAmountMinor, uuidV7Ms, type FieldError } from '@fourway/kernel';
import { isFollowUpKind, isRootKind } from './operation-kinds.ts';
import type { RequestedOperation } from './requested-operation.ts';

const minute = 60_000;
const day = 86_400_000;

/** Clocks of requesters may be this much ahead of the broker's. */
const maxAheadMs = 5 * minute;
/** Claims are remembered this long, so an older id could not be recognised as a duplicate. */
const idHorizonMs = 35 * day;
const maxExpiryMs = 10 * minute;
/** Outcomes and totals of payments are kept this long. */
const rootHorizonMs = 400 * day;

type Holds = (request: RequestedOperation, recordedAtMs: number) => boolean;

/** One line of the rulebook. */
interface Rule {
  /** Built once: refusing a flood of bad requests must not cost more than accepting them. */
  readonly error: FieldError;
  readonly holds: Holds;
}

const line = ({ holds, ...error }: FieldError & { readonly holds: Holds }): Rule => ({
  error: Object.freeze(error),
  holds,
});

const given = (field: string, isGiven: Holds): Rule =>
  line({
    field,
    code: 'missing_field',
    rule: 'must be given',
    remedy: `send ${field} in every request`,
    holds: isGiven,
  });

/** What every requested operation must be, in the order of the contract's fields; the rule of a field may rely on the lines above it. */
export const rulebook: readonly Rule[] = [
  given('event_id', ({ eventId }) => eventId !== ''),
  line({
    field: 'event_id',
    code: 'event_id_malformed',
    rule: 'a UUID of any version in lower case with dashes',
    remedy: 'give every record a new UUID',
    holds: ({ eventId }) => isUuid(eventId),
  }),

  given('operation_id', ({ operationId }) => operationId !== ''),
  line({
    field: 'operation_id',
    code: 'id_not_v7',
    rule: 'a UUID of version 7 (RFC 9562) in lower case with dashes',
    remedy: 'make a new UUIDv7 for each operation and keep it for its re-sends',
    holds: ({ operationId }) => isUuidV7(operationId),
  }),
  line({
    field: 'operation_id',
    code: 'id_out_of_range',
    rule: 'its time is at most 5 minutes ahead of and 35 days behind the record',
    remedy:
      'correct the clock, or send the operation again under a new UUIDv7 after making sure that it was never decided',
    holds: ({ operationId }, recordedAtMs) => isWithin(uuidV7Ms(operationId) - recordedAtMs, -idHorizonMs, maxAheadMs),
  }),

  line({
    field: 'kind',
    code: 'kind_not_supported',
    rule: 'a kind of operation that this switch decides: sale, authorize, capture, void, refund or reversal',
    remedy: 'send one of the kinds of OperationKind',
    holds: ({ kind }) => isRootKind(kind) || isFollowUpKind(kind),
  }),

  given('root_id', ({ rootId }) => rootId !== ''),
  line({
    field: 'root_id',
    code: 'root_id_differs',
    rule: 'equal to operation_id for a sale and an authorize',
    remedy: 'copy operation_id into root_id and key the record by it',
    holds: ({ kind, rootId, operationId }) => rootId === operationId || !isRootKind(kind),
  }),
  line({
    field: 'root_id',
    code: 'root_id_missing',
    rule: 'the id of the sale or authorize that the operation is on, not the operation itself',
    remedy: "send the payment's root id, and key the record by it",
    holds: ({ kind, rootId, operationId }) => rootId !== operationId || !isFollowUpKind(kind),
  }),
  line({
    field: 'root_id',
    code: 'root_id_not_v7',
    rule: 'a UUID of version 7 (RFC 9562) in lower case with dashes',
    remedy: 'send the root id as it was sent with the sale or authorize',
    holds: ({ rootId, operationId }) => rootId === operationId || isUuidV7(rootId),
  }),
  line({
    field: 'root_id',
    code: 'root_id_out_of_range',
    rule: 'its time is at most 5 minutes ahead of and 400 days behind the record',
    remedy: 'give back what is older outside of the network',
    holds: ({ rootId, operationId }, recordedAtMs) =>
      rootId === operationId || isWithin(uuidV7Ms(rootId) - recordedAtMs, -rootHorizonMs, maxAheadMs),
  }),
  line({
    field: 'original_operation_id',
    code: 'original_not_expected',
    rule: 'given by a void or a reversal only, and neither the root nor the operation itself',
    remedy: 'leave it empty: the root is what the operation is on',
    holds: ({ kind, rootId, operationId, originalOperationId = '' }) =>
      originalOperationId === '' ||
      ((kind === 'void' || kind === 'reversal') &&
        originalOperationId !== rootId &&
        originalOperationId !== operationId),
  }),
  line({
    field: 'original_operation_id',
    code: 'original_not_v7',
    rule: 'a UUID of version 7 (RFC 9562) in lower case with dashes',
    remedy: 'send the operation id of the capture or refund that is to be undone',
    holds: ({ originalOperationId = '' }) => originalOperationId === '' || isUuidV7(originalOperationId),
  }),

  given('merchant_id', ({ merchantId }) => merchantId !== ''),
  line({
    field: 'merchant_id',
    code: 'merchant_id_malformed',
    rule: '15 digits, the first not 0',
    remedy: 'send the merchant id as it was assigned at onboarding',
    holds: ({ merchantId }) => /^[1-9]\d{14}$/.test(merchantId),
  }),

  given('terminal_id', ({ terminalId }) => terminalId !== ''),
  line({
    field: 'terminal_id',
    code: 'terminal_id_malformed',
    rule: '8 characters out of 0-9 and A-Z',
    remedy: 'send the terminal id as it was assigned at onboarding',
    holds: ({ terminalId }) => /^[0-9A-Z]{8}$/.test(terminalId),
  }),

  given('merchant_order_no', ({ merchantOrderNo }) => merchantOrderNo !== ''),
  line({
    field: 'merchant_order_no',
    code: 'merchant_order_no_malformed',
    rule: '1 to 32 characters out of 0-9, A-Z, a-z, _ and -',
    remedy: "send the merchant's own order number within these characters",
    holds: ({ merchantOrderNo }) => /^[0-9A-Za-z_-]{1,32}$/.test(merchantOrderNo),
  }),

  line({
    field: 'amount_minor',
    code: 'amount_not_positive',
    rule: 'at least 1 minor unit',
    remedy: 'send the amount in minor units (fen); a payment of nothing needs no network',
    holds: ({ amountMinor }) => amountMinor > 0n,
  }),
  line({
    field: 'amount_minor',
    code: 'amount_over_limit',
    rule: `at most ${maxAmountMinor} minor units (CNY ${formatMinor(maxAmountMinor, 'CNY')})`,
    remedy: 'split the payment, or check that the amount is in minor units',
    holds: ({ amountMinor }) => amountMinor <= maxAmountMinor,
  }),

  given('currency', ({ currency }) => currency !== ''),
  line({
    field: 'currency',
    code: 'currency_unknown',
    rule: 'the ISO 4217 alphabetic code of a currency that the network clears: CNY',
    remedy: 'send CNY',
    holds: ({ currency }) => isCurrency(currency),
  }),

  given('card_token', ({ cardToken }) => cardToken !== ''),
  line({
    field: 'card_token',
    code: 'card_token_malformed',
    rule: '16 to 19 digits',
    remedy: 'send the token that stands for the card, without spaces',
    holds: ({ cardToken }) => /^\d{16,19}$/.test(cardToken),
  }),

  line({
    field: 'presentment',
    code: 'missing_field',
    rule: 'must be given for a sale and an authorize',
    remedy: 'say who showed the code to whom',
    holds: ({ presentment, kind }) => presentment !== null || !isRootKind(kind),
  }),

  given('requested_at_ms', ({ requestedAtMs }) => requestedAtMs !== 0),
  line({
    field: 'requested_at_ms',
    code: 'requested_at_out_of_range',
    rule: 'milliseconds since the Unix epoch, at most 5 minutes ahead of the record',
    remedy: "correct the requester's clock, and check that the unit is milliseconds",
    holds: ({ requestedAtMs }, recordedAtMs) => isWithin(requestedAtMs, 1, recordedAtMs + maxAheadMs),
  }),
  line({
    field: 'expires_at_ms',
    code: 'expires_at_out_of_range',
    rule: 'after requested_at_ms and at most 10 minutes after it, or 0 for 60 seconds',
    remedy: 'send 0, or a time within 10 minutes of requested_at_ms',
    holds: ({ expiresAtMs, requestedAtMs }) =>
      expiresAtMs === 0 || isWithin(expiresAtMs - requestedAtMs, 1, maxExpiryMs),
  }),

  given('upstream_id', ({ upstreamId }) => upstreamId !== ''),
  line({
    field: 'upstream_id',
    code: 'upstream_id_malformed',
    rule: '1 to 32 characters out of 0-9, a-z and -',
    remedy: "send the producing principal's name",
    holds: ({ upstreamId }) => /^[0-9a-z-]{1,32}$/.test(upstreamId),
  }),
];

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

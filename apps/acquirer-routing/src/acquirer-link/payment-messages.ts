import { buildOriginalDataElements } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import { uuidV7Ms } from '@fourway/kernel';
import { acquirerReference } from '@fourway/routing';
import type { AcquirerReference } from '@fourway/routing';
import { attemptMessages, type OriginalAttempt } from './attempt-kind.ts';
import { createLocalTimeFormat } from './local-time.ts';
import type { ReversalRequest, SaleRequest } from './link-types.ts';

/** ISO 4217's number for each currency the acquirers settle in. */
const currencyNumbers: Readonly<Record<string, string>> = { CNY: '156' };

const localTime = createLocalTimeFormat();

/** What an answer repeats of its request. DE7, DE11 and DE37 make the match: a STAN alone wraps several times a day. */
export interface ExpectedAnswer {
  readonly rrn: string | undefined;
  readonly stan: string | undefined;
  readonly transmissionDateTime: string | undefined;
  readonly amount: string | undefined;
}

export const expectedAnswer = ({ fields }: Iso8583Message): ExpectedAnswer => ({
  rrn: fields[37],
  stan: fields[11],
  transmissionDateTime: fields[7],
  amount: fields[4],
});

export const isExpected = ({ fields }: Iso8583Message, expected: ExpectedAnswer): boolean =>
  fields[37] === expected.rrn && fields[11] === expected.stan && fields[7] === expected.transmissionDateTime;

/** The 0200 of a purchase by QR code. */
export function saleMessage(acquirerId: string, request: SaleRequest): Iso8583Message {
  const reference = acquirerReference(request.operationId, request.attemptNo);
  const fields = paymentFields(acquirerId, { request, reference, localTimeMs: request.localTimeMs });
  return { mti: '0200', fields };
}

/** The request of an attempt: of a sale, an authorization, or an operation on one of them, which names the original in DE38, DE61 and DE90. */
export function attemptMessage(acquirerId: string, request: SaleRequest): Iso8583Message {
  if (request.kind === undefined) return saleMessage(acquirerId, request);
  const { mti, processingCode, condition } = attemptMessages[request.kind];
  const { fields } = saleMessage(acquirerId, request);
  return {
    mti,
    fields: { ...fields, 3: processingCode, 25: condition, ...originalFields(acquirerId, request.original) },
  };
}

function originalFields(acquirerId: string, original: OriginalAttempt | undefined): Iso8583Message['fields'] {
  if (original === undefined) return {};
  const { stan, transmissionDateTime, rrn } = acquirerReference(original.operationId, original.attemptNo);
  const { mti } = attemptMessages[original.kind];
  return {
    // An authorization code of another length than DE38's cannot be repeated.
    ...(original.authCode.length === 6 ? { 38: original.authCode } : {}),
    61: rrn,
    90: buildOriginalDataElements({ mti, stan, transmissionDateTime, acquirerId, forwarderId: '' }),
  };
}

/** The 0420 of an attempt, or its 0421: same reference, so that the receiver sees one reversal. */
export function reversalMessage(acquirerId: string, request: ReversalRequest): Iso8583Message {
  const reference = acquirerReference(request.operationId, request.attemptNo);
  const { stan, transmissionDateTime } = reference;
  const { mti, processingCode, condition } = attemptMessages[request.kind ?? 'sale'];
  const original = buildOriginalDataElements({ mti, stan, transmissionDateTime, acquirerId, forwarderId: '' });
  const fields = {
    ...paymentFields(acquirerId, { request, reference, localTimeMs: uuidV7Ms(request.operationId) }),
    3: processingCode,
    25: condition,
    11: reference.reversalStan,
    39: '68',
    90: original,
  };
  return { mti: request.repeat ? '0421' : '0420', fields };
}

interface Payment {
  readonly request: SaleRequest | ReversalRequest;
  readonly reference: AcquirerReference;
  readonly localTimeMs: number;
}

function paymentFields(acquirerId: string, { request, reference, localTimeMs }: Payment): Iso8583Message['fields'] {
  const { time, date } = localTime(localTimeMs);
  return {
    2: request.cardToken,
    3: '000000',
    4: String(request.amountMinor).padStart(12, '0'),
    7: reference.transmissionDateTime,
    11: reference.stan,
    12: time,
    13: date,
    18: request.mcc,
    22: '032',
    25: '00',
    32: acquirerId,
    37: reference.rrn,
    41: request.terminalId,
    42: request.merchantId,
    48: request.operationId,
    49: currencyNumbers[request.currency] ?? '',
  };
}

import { describe, expect, it } from '@jest/globals';
import { ISO87A, type Iso8583Message } from '@fourway/iso8583';
import { systemClock, uuidV7 } from '@fourway/kernel';
import { AnswerReader } from './answer-reader.ts';
import { HostConnection } from './host-connection.ts';
import { InFlight } from './in-flight.ts';
import { newLinkCounters } from './link-counters.ts';
import { defaultTimings } from './link-types.ts';
import { expectedAnswer, reversalMessage, saleMessage } from './payment-messages.ts';
import type { ReversalRequest, SaleRequest } from './link-types.ts';

const acquirerId = '48020000';
const deadlineMs = 5_000;
const request: SaleRequest = {
  operationId: uuidV7(Date.UTC(2026, 10, 22), new Uint8Array(10)),
  attemptNo: 2,
  amountMinor: 2_372n,
  currency: 'CNY',
  cardToken: '6222021234567890128',
  merchantId: '898310048140001',
  terminalId: '00000001',
  mcc: '5411',
  claimedAtMs: 0,
  localTimeMs: 0,
};
const { operationId, attemptNo } = request;
const sent = saleMessage(acquirerId, request);
const answerTo = ({ fields }: Iso8583Message, mti: string, changes: Iso8583Message['fields'] = {}): Iso8583Message => ({
  mti,
  fields: { ...fields, 39: '00', ...changes },
});

/** Never started: entries only have to name the connection they left by. */
const connection = new HostConnection({
  host: '127.0.0.1',
  port: 1,
  profile: ISO87A,
  clock: systemClock,
  random: () => 0,
  timings: defaultTimings,
  onMessages: () => undefined,
  onUndecodable: () => undefined,
  onState: () => undefined,
});

function reader(): {
  reader: AnswerReader;
  sales: InFlight<SaleRequest>;
  counters: ReturnType<typeof newLinkCounters>;
} {
  const sales = new InFlight<SaleRequest>();
  const counters = newLinkCounters();
  sales.add({ request, expected: expectedAnswer(sent), connection, deadlineMs });
  return { reader: new AnswerReader({ sales, reversals: new InFlight<ReversalRequest>(), counters }), sales, counters };
}

describe('AnswerReader', () => {
  it('takes an answer up to the deadline and not at it: then it is a timeout and a late answer', () => {
    const inTime = reader().reader.read([answerTo(sent, '0210')], deadlineMs - 1);
    expect(inTime).toMatchObject({ answers: [{ operationId, attemptNo, kind: 'answered' }], late: [] });
    const tooLate = reader().reader.read([answerTo(sent, '0210')], deadlineMs);
    expect(tooLate.answers).toEqual([{ operationId, attemptNo, kind: 'no_answer', reason: 'timeout' }]);
    expect(tooLate.late).toMatchObject([{ operationId, attemptNo, responseCode: '00' }]);
  });

  it.each([7, 11])('takes nothing for an answer whose element %i differs', (field) => {
    const { reader: answers, sales } = reader();
    expect(answers.read([answerTo(sent, '0210', { [field]: '1111111111'.slice(0, field) })], 0).answers).toEqual([]);
    expect(sales.size).toBe(1);
  });

  it('leaves the sale in flight when an answer has no response code', () => {
    const { reader: answers, sales, counters } = reader();
    expect(answers.read([answerTo(sent, '0210', { 39: undefined })], 0)).toEqual({
      answers: [],
      late: [],
      reversals: [],
    });
    expect(sales.size).toBe(1);
    expect(counters.undecodable).toBe(1);
  });

  it('finds the attempt of a reversal that nobody waits for any more', () => {
    const reversal = reversalMessage(acquirerId, { ...request, repeat: true });
    const { reversals } = reader().reader.read([answerTo(reversal, '0430')], 0);
    expect(reversals).toEqual([{ operationId, attemptNo, responseCode: '00' }]);
  });

  it('delivers nothing whose operation and reference do not fit together', () => {
    const { reader: answers, counters } = reader();
    const stray = answerTo(sent, '0210', { 37: 'ZZZZZZZZZZZZ' });
    expect(answers.read([stray, { ...stray, mti: '0430' }], 0)).toEqual({ answers: [], late: [], reversals: [] });
    expect(counters.unmatched).toBe(2);
  });
});

import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isoProfileNames, isoProfiles, type IsoProfileName } from '@fourway/iso8583';
import { sleep, systemClock, uuidV7 } from '@fourway/kernel';
import { AcquirerLink } from './acquirer-link.ts';
import { startSimulator } from './start-simulator.ts';
import type {
  LateAnswer,
  LinkAnswer,
  LinkOptions,
  LinkState,
  ReversalAnswer,
  ReversalRequest,
  SaleRequest,
} from './link-types.ts';
import type { Simulator } from './start-simulator.ts';

const acquirerId = '48020000';
const card = '6222021234567890128';
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Rig {
  readonly simulator: Simulator;
  readonly bookPath: string;
  readonly link: AcquirerLink;
  readonly answers: LinkAnswer[];
  readonly late: LateAnswer[];
  readonly reversals: ReversalAnswer[];
  readonly states: LinkState[];
}

/** Polls: what is awaited comes from another process. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 5) {
    if (waitedMs > 15_000) throw new Error(`waited in vain: ${what}`);
    await sleep(5);
  }
}

async function startRig(profile: IsoProfileName, behaviour: object, options: Partial<LinkOptions>): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-link-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  const bookPath = join(folder, 'book.tsv');
  const simulator = await startSimulator({ acquirerId, bookPath, behaviour, profile });
  undo.push(() => simulator.kill('SIGKILL'));
  const seen = {
    answers: [] as LinkAnswer[],
    late: [] as LateAnswer[],
    reversals: [] as ReversalAnswer[],
    states: [] as LinkState[],
  };
  const link = new AcquirerLink({
    acquirerId,
    host: '127.0.0.1',
    port: simulator.isoPort,
    profile: isoProfiles[profile],
    clock: systemClock,
    maxInFlight: 10_000,
    maxUnsentBytes: 1 << 20,
    reconnectAfterMs: 20,
    reconnectAtMostMs: 50,
    tickMs: 10,
    onAnswers: (answers) => void seen.answers.push(...answers),
    onLateAnswers: (answers) => void seen.late.push(...answers),
    onReversalAnswers: (answers) => void seen.reversals.push(...answers),
    onState: (state) => void seen.states.push(state),
    ...options,
  });
  undo.push(() => link.stop());
  link.start();
  await until(() => link.isSignedOn, 'sign-on');
  return { simulator, bookPath, link, ...seen };
}

function sale(changes: Partial<SaleRequest> = {}): SaleRequest {
  const nowMs = Date.now();
  return {
    operationId: uuidV7(nowMs, randomBytes(10)),
    attemptNo: 1,
    amountMinor: 2_372n,
    currency: 'CNY',
    cardToken: card,
    merchantId: '898310048140001',
    terminalId: '00000001',
    mcc: '5411',
    claimedAtMs: nowMs,
    localTimeMs: nowMs,
    ...changes,
  };
}

const reversalOf = (request: SaleRequest, repeat = false): ReversalRequest => ({ ...request, repeat });

describe.each(isoProfileNames)('AcquirerLink in %s', (profile) => {
  const rig = (behaviour: object = {}, options: Partial<LinkOptions> = {}): Promise<Rig> =>
    startRig(profile, behaviour, options);

  it('delivers an approval with its authorization code, and the book has the operation and no card token', async () => {
    const { link, answers, simulator, states } = await rig();
    const request = sale();
    expect(link.submitSales([request])).toEqual({ sent: [request], notSent: [], refused: [] });
    await until(() => answers.length > 0, 'answer');
    const [answer] = answers;
    expect(answer).toMatchObject({
      operationId: request.operationId,
      kind: 'answered',
      responseCode: '00',
      amountMatches: true,
    });
    const [entry] = simulator.book();
    expect(entry).toEqual(expect.arrayContaining(['sale', request.operationId, '2372', '156', '00', 'approved']));
    expect(JSON.stringify(simulator.book())).not.toContain(card);
    expect(states).toEqual(['connecting', 'signing_on', 'signed_on']);
  });

  it('delivers each of 5,000 sales its own answer, declines by amount included', async () => {
    const { link, answers, simulator } = await rig({ amountRules: [{ endsWith: '51', responseCode: '51' }] });
    const batch = Array.from({ length: 5_000 }, (_, index) => sale({ amountMinor: BigInt(index + 1) }));
    for (let at = 0; at < batch.length; at += 250) link.submitSales(batch.slice(at, at + 250));
    await until(() => answers.length === 5_000, 'all answers');
    const codes = new Map(
      answers.map((answer) => [answer.operationId, answer.kind === 'answered' ? answer.responseCode : '']),
    );
    for (const { operationId, amountMinor } of batch)
      expect(codes.get(operationId)).toBe(amountMinor % 100n === 51n ? '51' : '00');
    expect(simulator.book()).toHaveLength(5_000);
    expect(link.counters.answers).toEqual({ approved: 4_950, soft_decline: 50 });
  });

  it('reports silence as no answer, and a late approval apart, never as an answer', async () => {
    const { link, answers, late } = await rig({ lateRate: 1, lateByMs: 400 }, { answerTimeoutMs: 150 });
    const request = sale();
    link.submitSales([request]);
    await until(() => late.length > 0, 'late answer');
    const { operationId } = request;
    expect(answers).toEqual([{ operationId, attemptNo: 1, kind: 'no_answer', reason: 'timeout' }]);
    expect(late).toEqual([
      expect.objectContaining({ operationId, attemptNo: 1, responseCode: '00', amountMinor: 2_372n }),
    ]);
    expect(link.inFlight).toBe(0);
  });

  it('reports everything in flight when the acquirer cuts the connection, then signs on again', async () => {
    const { link, answers, simulator, states } = await rig({ disconnectAfterMessages: 2 });
    const batch = [sale(), sale(), sale()];
    link.submitSales(batch);
    await until(() => answers.length === 3, 'loss of all');
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'no_answer', reason: 'disconnected' });
    await until(() => link.isSignedOn, 'second sign-on');
    expect(states.slice(2)).toEqual(['signed_on', 'disconnected', 'connecting', 'signing_on', 'signed_on']);
    expect(simulator.book()).toHaveLength(3);
  });

  it('gets the stored answer for the same attempt sent again over a later connection: charged once', async () => {
    const { link, answers, simulator } = await rig({ silentRate: 1 });
    const request = sale();
    link.submitSales([request]);
    await until(() => simulator.book().length === 1, 'silent approval');
    await simulator.disconnect();
    await until(() => answers.length === 1 && link.isSignedOn, 'second sign-on');
    await simulator.behave({ silentRate: 0 });
    // The same attempt again is the same request there: charged once, answered from the book.
    link.submitSales([request]);
    await until(() => answers.length === 2, 'stored answer');
    expect(answers[1]).toMatchObject({ operationId: request.operationId, kind: 'answered', responseCode: '00' });
    expect(simulator.book()).toHaveLength(1);
  });

  it('drops the second copy of an answer', async () => {
    const { link, answers, late } = await rig({ duplicateRate: 1 });
    link.submitSales([sale(), sale()]);
    await until(() => link.counters.duplicates === 2, 'copies');
    expect(answers).toHaveLength(2);
    expect(late).toHaveLength(0);
  });

  it('gives up a stream of noise and comes back', async () => {
    const { link, answers, simulator } = await rig();
    const good = sale();
    link.submitSales([good]);
    await until(() => answers.length === 1, 'good answer');
    await simulator.behave({ garbageRate: 1 });
    link.submitSales([sale()]);
    await until(() => answers.length === 2 && link.isSignedOn, 'second sign-on');
    expect(answers[1]).toMatchObject({ kind: 'no_answer', reason: 'disconnected' });
    expect(link.counters.undecodable).toBe(1);
  });

  it('marks an approval of another amount', async () => {
    const { link, answers } = await rig({ wrongAmountRate: 1 });
    link.submitSales([sale()]);
    await until(() => answers.length === 1, 'answer');
    expect(answers[0]).toMatchObject({ responseCode: '00', amountMatches: false });
  });

  it('leaves a tombstone where the reversal overtakes its sale, which is then declined', async () => {
    const { link, answers, reversals, simulator } = await rig();
    const request = sale();
    link.submitReversals([reversalOf(request)]);
    await until(() => reversals.length === 1, 'acknowledgement');
    expect(reversals[0]).toEqual({ operationId: request.operationId, attemptNo: 1, responseCode: '25' });
    link.submitSales([request]);
    await until(() => answers.length === 1, 'answer');
    expect(answers[0]).toMatchObject({ responseCode: '12', authCode: null });
    expect(simulator.book().map((fields) => fields.at(-1))).toEqual(['tombstone', 'declined']);
  });

  it('repeats a reversal as 0421 until it is acknowledged, and the book has it once', async () => {
    const { link, answers, reversals, simulator } = await rig({ ignoreReversals: 2 }, { answerTimeoutMs: 100 });
    const request = sale();
    link.submitSales([request]);
    await until(() => answers.length === 1, 'answer');
    for (let tries = 0; reversals.length === 0; tries += 1) {
      link.submitReversals([reversalOf(request, tries > 0)]);
      await sleep(150);
    }
    link.submitReversals([reversalOf(request, true)]);
    await until(() => reversals.length === 2, 'second acknowledgement');
    expect(link.counters.reversalsSent).toBe(4);
    expect(reversals.map(({ responseCode }) => responseCode)).toEqual(['00', '00']);
    expect(simulator.book().map((fields) => fields.at(-1))).toEqual(['approved', 'reversed']);
  });

  it('declines a late copy of a sale that was reversed', async () => {
    const { link, answers, reversals } = await rig();
    const request = sale();
    link.submitSales([request]);
    await until(() => answers.length === 1, 'answer');
    link.submitReversals([reversalOf(request)]);
    await until(() => reversals.length === 1, 'acknowledgement');
    link.submitSales([request]);
    await until(() => answers.length === 2, 'second answer');
    expect(answers[1]).toMatchObject({ responseCode: '12', authCode: null });
  });

  it('sends nothing whose claim is as old as the send window', async () => {
    const { link, answers, simulator } = await rig();
    const old = sale({ claimedAtMs: Date.now() - 1_000 });
    const young = sale();
    expect(link.submitSales([old, young])).toEqual({ sent: [young], notSent: [old], refused: [] });
    await until(() => answers.length === 1, 'answer of the young one');
    expect(simulator.book()).toHaveLength(1);
    expect(link.counters.notSent.send_window_passed).toBe(1);
  });

  it('refuses the same attempt while it is in flight, and a request that cannot be written', async () => {
    const { link, answers } = await rig({ latencyMs: 100 });
    const request = sale();
    const broken = sale({ merchantId: 'short' });
    const result = link.submitSales([request, request, broken]);
    expect(result.sent).toEqual([request]);
    expect(result.refused.map(({ reason }) => reason)).toEqual(['duplicate_in_flight', 'unencodable']);
    expect(result.refused[1]?.detail).toMatch(/DE42.*exactly 15/);
    await until(() => answers.length === 1, 'one answer');
  });

  it('never reports a sale as not sent while its first copy is in flight, whatever else speaks against it', async () => {
    const { link, answers } = await rig({ latencyMs: 100 }, { maxInFlight: 1 });
    const request = sale();
    link.submitSales([request]);
    const copies = link.submitSales([request, { ...request, claimedAtMs: 0 }]);
    expect(copies.notSent).toEqual([]);
    expect(copies.refused.map(({ reason }) => reason)).toEqual(['duplicate_in_flight', 'duplicate_in_flight']);
    await until(() => answers.length === 1, 'one answer');
  });

  it('sends nothing more while the acquirer does not read, and all that was sent arrives', async () => {
    const { link, simulator } = await rig(
      {},
      { maxUnsentBytes: 200_000, maxInFlight: 1_000_000, answerTimeoutMs: 60_000 },
    );
    simulator.process.kill('SIGSTOP');
    let sent = 0;
    let notSent = 0;
    while (notSent === 0 && sent < 500_000) {
      const result = link.submitSales(Array.from({ length: 1_000 }, () => sale()));
      sent += result.sent.length;
      notSent += result.notSent.length;
      await sleep(0);
    }
    expect(notSent).toBeGreaterThan(0);
    expect(link.room).toBe(0);
    simulator.process.kill('SIGCONT');
    await until(() => link.inFlight === 0, 'answers to all that was sent');
    expect(simulator.book()).toHaveLength(sent);
  });

  it('takes no more than may be in flight', async () => {
    const { link, answers } = await rig({ latencyMs: 50 }, { maxInFlight: 2 });
    const batch = [sale(), sale(), sale()];
    expect(link.submitSales(batch)).toMatchObject({ sent: batch.slice(0, 2), notSent: batch.slice(2) });
    expect(link.room).toBe(0);
    await until(() => answers.length === 2, 'answers');
    expect(link.room).toBe(2);
  });

  it('keeps room for a refund however many sales wait for their answers', async () => {
    const { link, answers } = await rig({ latencyMs: 50 }, { maxInFlight: 10 });
    const paid = sale();
    link.submitSales([paid]);
    await until(() => answers.length === 1, 'the answer to the sale');
    const sales = Array.from({ length: 12 }, () => sale());
    const original = { operationId: paid.operationId, attemptNo: 1, kind: 'sale', authCode: '' } as const;
    const refund: SaleRequest = { ...sale(), cardToken: paid.cardToken, kind: 'refund', original };
    expect(link.submitSales(sales)).toMatchObject({ sent: sales.slice(0, 9), notSent: sales.slice(9) });
    expect(link.room).toBe(0);
    expect(link.submitSales([refund])).toMatchObject({ sent: [refund], notSent: [] });
    expect(link.submitSales([{ ...refund, ...sale(), kind: 'refund' }]).notSent).toHaveLength(1);
    await until(() => answers.length === 11, 'answers to all that was sent');
  });

  it('gives up an acquirer that misses two echoes, and finds it again', async () => {
    const { link, simulator, states } = await rig({}, { echoAfterMs: 50, answerTimeoutMs: 60 });
    await simulator.behave({ ignoreEchoes: true });
    await until(() => states.includes('disconnected'), 'loss');
    await simulator.behave({ ignoreEchoes: false });
    await until(() => link.isSignedOn, 'second sign-on');
    const before = states.length;
    await sleep(300);
    expect(states).toHaveLength(before);
  });

  it('sends nothing while connections are refused', async () => {
    const { link, simulator, states } = await rig();
    await simulator.behave({ refuseConnections: true });
    await simulator.disconnect();
    await until(() => states.at(-1) !== 'signed_on', 'loss');
    const request = sale();
    expect(link.submitSales([request]).notSent).toEqual([request]);
    await simulator.behave({ refuseConnections: false });
    await until(() => link.isSignedOn, 'second sign-on');
  });

  it('finds the same answers after kill -9 of the acquirer, a torn last line in its book included', async () => {
    const { link, answers, reversals, simulator, bookPath } = await rig({
      amountRules: [{ endsWith: '51', responseCode: '51' }],
    });
    const batch = [sale(), sale({ amountMinor: 51n }), sale()];
    const [first, , third] = batch;
    link.submitSales(batch);
    await until(() => answers.length === 3, 'answers');
    link.submitReversals(third === undefined ? [] : [reversalOf(third)]);
    await until(() => reversals.length === 1, 'acknowledgement');
    await simulator.kill('SIGKILL');
    appendFileSync(bookPath, 'sale\ttorn');
    const second = await startSimulator({ acquirerId, bookPath, isoPort: simulator.isoPort, profile });
    undo.push(() => second.kill('SIGKILL'));
    await until(() => link.isSignedOn, 'second sign-on');
    answers.length = 0;
    link.submitSales(batch);
    await until(() => answers.length === 3, 'stored answers');
    expect(answers.map((answer) => (answer.kind === 'answered' ? answer.responseCode : ''))).toEqual([
      '00',
      '51',
      '12',
    ]);
    expect(second.book()).toHaveLength(4);
    expect(answers[0]?.operationId).toBe(first?.operationId);
    expect(await second.kill('SIGTERM')).toBe(0);
  });

  it('stops only when everything in flight is answered', async () => {
    const { link, answers } = await rig({ latencyMs: 100 });
    link.submitSales([sale()]);
    const stopped = link.stop();
    expect(link.submitSales([sale()]).notSent).toHaveLength(1);
    await stopped;
    expect(answers).toMatchObject([{ kind: 'answered' }]);
  });
});

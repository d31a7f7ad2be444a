import { isRequest, parseMti, responseMti } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import { changeBehaviour } from './behaviour.ts';
import { HostCounters } from './host-counters.ts';
import { isServed, parseRequestKind, parseReversalFacts, parseSaleFacts } from './request-facts.ts';
import { latencyMs, planSale } from './sale-plan.ts';
import type { Behaviour } from './behaviour.ts';
import type { Payments } from './payments.ts';
import type { SalePlan } from './sale-plan.ts';

/** What to send for one message; `undefined` instead of it means silence. */
export interface Reply {
  readonly message: Iso8583Message;
  readonly copies: 1 | 2;
  /** True to send noise in its place. */
  readonly garbled: boolean;
  readonly delayMs: number;
}

/** The host without its sockets: takes messages, keeps the book, says what to answer. */
export class AcquirerHost {
  readonly counters = new HostCounters();
  readonly #acquirerId: string;
  readonly #payments: Payments;
  readonly #initial: Behaviour;
  #behaviour: Behaviour;

  constructor(options: { acquirerId: string; payments: Payments; behaviour: Behaviour }) {
    this.#acquirerId = options.acquirerId;
    this.#payments = options.payments;
    this.#initial = options.behaviour;
    this.#behaviour = options.behaviour;
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** @throws ZodError and changes nothing when a member is unknown or out of range */
  change(change: unknown): Behaviour {
    this.#behaviour = changeBehaviour(this.#behaviour, change);
    return this.#behaviour;
  }

  reset(): Behaviour {
    this.#behaviour = this.#initial;
    return this.#behaviour;
  }

  /** True once, when the connection is to be cut before anything is answered. */
  isTimeToDisconnect(message: Iso8583Message): boolean {
    const left = this.#behaviour.disconnectAfterMessages;
    if (left === null || message.mti.startsWith('08')) return false;
    this.#behaviour = { ...this.#behaviour, disconnectAfterMessages: left === 1 ? null : left - 1 };
    return left === 1;
  }

  handle(message: Iso8583Message): Reply | undefined {
    if (!isRequest(message.mti)) return this.#ignore('not_a_request');
    const { messageClass } = parseMti(message.mti);
    if (messageClass === 'network_management') return this.#manageNetwork(message);
    if (isServed(message)) return this.#serve(message);
    if (messageClass === 'reversal') return this.#reverse(message);
    this.counters.unsupported += 1;
    return plain(answer(message, { 39: '40' }), 0);
  }

  #manageNetwork(message: Iso8583Message): Reply | undefined {
    const code = message.fields[70];
    if (code === '301' && this.#behaviour.ignoreEchoes) return this.#ignore('told_to');
    return plain(answer(message, { 39: code === '001' || code === '002' || code === '301' ? '00' : '40' }), 0);
  }

  #serve(message: Iso8583Message): Reply | undefined {
    const facts = parseSaleFacts(message);
    const kind = parseRequestKind(message);
    if (facts === undefined || kind === undefined) return this.#refuse(message, '30');
    if (message.fields[32] !== this.#acquirerId) return this.#refuse(message, '03');
    const plan = planSale(this.#behaviour, facts.rrn, message.fields[4] ?? '');
    if (plan.answer === 'never_seen') return this.#ignore('told_to');
    const recorded = this.#payments.record(facts, plan.responseCode, kind);
    this.counters.answered(kind.type, recorded);
    if (plan.answer === 'silent') return this.#ignore('told_to');
    const amountMinor = recorded.amountMinor + (plan.wrongAmount ? 1n : 0n);
    const approved = recorded.authCode === '' ? {} : { 38: recorded.authCode };
    const reply = answer(message, { 39: recorded.responseCode, 4: String(amountMinor).padStart(12, '0'), ...approved });
    return { message: reply, delayMs: plan.delayMs, ...shapeOf(plan) };
  }

  #reverse(message: Iso8583Message): Reply | undefined {
    const facts = parseReversalFacts(message);
    if (facts === undefined) return this.#refuse(message, '30');
    const { ignoreReversals } = this.#behaviour;
    if (ignoreReversals > 0) {
      this.#behaviour = { ...this.#behaviour, ignoreReversals: ignoreReversals - 1 };
      return this.#ignore('told_to');
    }
    const recorded = this.#payments.recordReversal(facts);
    this.counters.answered('reversal', recorded);
    return plain(answer(message, { 39: recorded.responseCode }), latencyMs(this.#behaviour, facts.rrn));
  }

  #refuse(message: Iso8583Message, responseCode: string): Reply {
    this.counters.refused += 1;
    return plain(answer(message, { 39: responseCode }), 0);
  }

  #ignore(reason: 'not_a_request' | 'told_to'): undefined {
    if (reason === 'told_to') this.counters.swallowed += 1;
    else this.counters.unsupported += 1;
    return undefined;
  }
}

const plain = (message: Iso8583Message, delayMs: number): Reply => ({ message, copies: 1, garbled: false, delayMs });

const shapeOf = (plan: SalePlan): { copies: 1 | 2; garbled: boolean } => ({
  copies: plan.answer === 'twice' ? 2 : 1,
  garbled: plan.answer === 'garbage',
});

/** The request's elements come back, as in the networks' specifications; its private data name the operation. */
function answer(request: Iso8583Message, fields: Iso8583Message['fields']): Iso8583Message {
  return { mti: responseMti(request.mti), fields: { ...request.fields, ...fields } };
}

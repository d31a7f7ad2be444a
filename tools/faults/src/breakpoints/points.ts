import type { ServiceName } from '../victims/victim.ts';
import type { Standing } from './standing.ts';
import type { Place } from './stop-at.ts';

/** An instant in an operation's life at which its process may end. */
export interface Point {
  readonly name: string;
  /** What has happened to the operations, and what has not. */
  readonly means: string;
  readonly service: ServiceName;
  readonly place: Place;
  /** `cut`: the process lives, but its connection to Postgres breaks after the statement was sent and before it is answered. */
  readonly damage: 'stop' | 'cut';
  /** What must be known of every operation held there; asserted from outside, so that the breakpoint cannot lie. */
  readonly standing: Partial<Standing>;
  /** Acquirers answer some payments only after they have been parked. */
  readonly answersLate?: boolean;
}

const routing = (file: string): string => `/apps/acquirer-routing/dist/${file}.js`;
const settlement = (file: string): string => `/apps/settlement/dist/${file}.js`;
const risk = (file: string): string => `/apps/risk-scoring/dist/${file}.js`;

/** Ids out of a binary array of them: behind a header of 20 bytes, each behind its length. */
const idsIn = (array: string): string =>
  `Array.from({ length: ${array}.readInt32BE(12) }, (_, i) => ${array}.toString('hex', 24 + 20 * i, 40 + 20 * i)` +
  `.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))`;

/** Where pg has handed a statement to its socket that takes ids as a binary array. */
const statementSent = (named: RegExp, ids: string): Place => ({
  ...{ script: '/node_modules/pg/lib/query.js', function: 'submit', at: 'return' },
  // An array of none has 12 bytes.
  when: `${named}.test(this.name) && Buffer.isBuffer(${ids}) && ${ids}.length > 12`,
  held: idsIn(ids),
});

/** All instants, in the order of a payment's way. */
export const points: readonly Point[] = [
  {
    name: 'counted',
    means: 'counted on its card, not scored',
    service: 'risk-scoring',
    place: {
      ...{ script: risk('score-operation/score-operation.handler'), function: '#scoredMessages', at: 'entry' },
      // Operations on payments are not counted.
      when: 'payments.some(({ kind }) => kind === "payment")',
      held: 'payments.map(({ request }) => request.operationId)',
    },
    damage: 'stop',
    standing: { scored: false, claimed: false },
  },
  {
    name: 'scored',
    means: 'its score published, its offset not committed',
    service: 'risk-scoring',
    place: {
      ...{ script: risk('score-operation/score-operation.handler'), function: '#publish', at: 'return' },
      ...{ when: 'scored.length > 0', held: 'scored.map(({ key }) => key)' },
    },
    damage: 'stop',
    standing: { scored: true },
  },
  {
    name: 'claim-written',
    means: 'its claim stored, nothing sent',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('authorize-payment/call-acquirers'), function: 'call', at: 'entry' },
      ...{ when: 'calls.length > 0', held: 'calls.map(({ operation }) => operation.operationId)' },
    },
    damage: 'stop',
    standing: { claimed: true, asked: false, decided: false },
  },
  {
    name: 'claim-unanswered',
    means: 'its claim committed, the connection lost before Postgres could say so',
    service: 'acquirer-routing',
    place: statementSent(/^claim/, 'this.values[0]'),
    damage: 'cut',
    standing: { claimed: true, asked: false },
  },
  {
    name: 'bytes-sent',
    means: 'its request on the wire to the acquirer',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('acquirer-link/acquirer-link'), function: 'submitSales', at: 'return' },
      ...{ when: 'result.sent.length > 0', held: 'result.sent.map(({ operationId }) => operationId)' },
    },
    damage: 'stop',
    standing: { claimed: true, asked: true, decided: false },
  },
  {
    name: 'answer-received',
    means: 'answered by the acquirer, the answer in memory only',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('decide-outcome/decide-outcome.handler'), function: 'decide', at: 'entry' },
      when: 'decisions.some(({ answer }) => answer.kind === "answered")',
      held: 'decisions.filter(({ answer }) => answer.kind === "answered").map(({ operation }) => operation.operationId)',
    },
    damage: 'stop',
    standing: { claimed: true, asked: true, decided: false },
  },
  {
    name: 'outcome-unanswered',
    means: 'its outcome committed, the connection lost before Postgres could say so',
    service: 'acquirer-routing',
    place: statementSent(/^store_outcomes/, 'this.values[0]'),
    damage: 'cut',
    standing: { claimed: true, decided: true, published: false },
  },
  {
    // An operation that is being answered was published before: a copy joined it, and is answered again.
    name: 'outcome-written',
    means: 'its outcome stored, not published',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('answer-operation/answer-operations'), function: 'publish', at: 'entry' },
      when: 'answers.some(({ operation }) => operation.attempt !== null && operation.parkedAtMs === null && !operation.isAnswering)',
      held: 'answers.filter(({ operation }) => operation.attempt !== null && operation.parkedAtMs === null && !operation.isAnswering).map(({ operation }) => operation.operationId)',
    },
    damage: 'stop',
    standing: { claimed: true, asked: true, decided: true, published: false },
  },
  {
    name: 'parked-outcome-written',
    means: 'parked, then its outcome stored, not published',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('answer-operation/answer-operations'), function: 'publish', at: 'entry' },
      when: 'answers.some(({ operation }) => operation.parkedAtMs !== null && !operation.isAnswering)',
      held: 'answers.filter(({ operation }) => operation.parkedAtMs !== null && !operation.isAnswering).map(({ operation }) => operation.operationId)',
    },
    damage: 'stop',
    standing: { claimed: true, parked: true, decided: true, published: false },
    answersLate: true,
  },
  {
    name: 'published',
    means: 'its outcome published, its offset not committed',
    service: 'acquirer-routing',
    place: {
      ...{ script: routing('routing-metrics'), function: 'answered', at: 'entry' },
      ...{ when: 'outcomes.length > 0', held: 'outcomes.map(({ operationId }) => operationId)' },
    },
    damage: 'stop',
    standing: { claimed: true, decided: true, published: true },
  },
  {
    name: 'posting-unanswered',
    means: 'its fact committed, the connection lost before Postgres could say so',
    service: 'settlement',
    place: statementSent(/^post/, 'this.values[4]'),
    damage: 'cut',
    standing: { decided: true, posted: true },
  },
  {
    name: 'posted',
    means: 'its fact stored, its offset not committed',
    service: 'settlement',
    place: {
      ...{ script: settlement('post-outcomes/post-outcomes.handler'), function: '#postTogether', at: 'return' },
      when: 'entries.some(({ kind }) => kind === "fact")',
      held: 'entries.filter(({ kind }) => kind === "fact").map(({ fact }) => fact.operationId)',
    },
    damage: 'stop',
    standing: { decided: true, published: true, posted: true },
  },
];

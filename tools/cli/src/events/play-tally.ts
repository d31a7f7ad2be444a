import type { Outcome, OutcomeStatusName, Refusal } from '@fourway/contracts';
import type { Expected, Stimulus, TrafficItem, TrafficRecord } from '@fourway/world';
import { LatencyHistogram } from './latency-histogram.ts';

/** What was sent and what came back; the figures of a run. */
export interface PlayCounts {
  /** Requests that could be decoded: the sum of all below. */
  readonly sent: number;
  readonly authorized: number;
  readonly declined: number;
  readonly reversed: number;
  readonly expired: number;
  readonly duplicatesAnswered: number;
  readonly refused: number;
}

/** An answer that is not what the item was made to get. */
export interface Surprise {
  readonly operationId: string;
  readonly stimulus: Stimulus;
  readonly expected: string;
  readonly got: string;
}

/** An operation that waits for an answer. */
export interface MissingAnswer {
  readonly operationId: string;
  readonly waitsFor: 'outcome' | 'outcome again' | 'refusal' | 'dead letter';
}

interface OpenOperation {
  readonly stimulus: Stimulus;
  readonly expected: Expected;
  readonly requestEventId: string;
  readonly dueMs: number;
  /** Duplicates sent before the outcome was read: one answer answers all. */
  duplicates: number;
  readonly afterOutcome: TrafficRecord | undefined;
  readonly afterApproval: readonly TrafficItem[];
  readonly isEarly: boolean;
}

/** What is to be sent because an outcome was read. */
export interface SendAfter {
  readonly record?: TrafficRecord;
  readonly items: readonly TrafficItem[];
}

const nothing: SendAfter = { items: [] };

type Group = Record<OutcomeStatusName | 'refused', number>;

const shownSurprises = 100;
const emptyGroup = (): Group => ({ approved: 0, declined: 0, reversed: 0, expired: 0, refused: 0 });

/** Matches answers to what was sent. Holds what is open, and sums: its memory does not grow with the run. */
export class PlayTally {
  readonly latency = new LatencyHistogram();
  readonly byAcquirer = new Map<string, Group>();
  readonly byScenario = new Map<string, Group>();
  readonly byStimulus = new Map<Stimulus, Group>();
  readonly byOperation = new Map<string, Group>();
  readonly surprises: Surprise[] = [];
  readonly #open = new Map<string, OpenOperation>();
  /** Operations by the events that are in conflict with them. */
  readonly #openConflicts = new Map<string, string>();
  readonly #openRepeats = new Map<string, number>();
  readonly #openDeadLetters = new Map<string, Stimulus>();
  #outcomes = 0;
  readonly #totals = { ...emptyGroup(), sent: 0, duplicatesAnswered: 0, deadLettered: 0, surprises: 0 };

  /** An item is about to be sent; its later records are told to `willSend`. */
  open(item: TrafficItem, dueMs: number): void {
    const [request] = item.records;
    if (request === undefined) return;
    if (item.expected.answer === 'dead_letter') {
      this.#openDeadLetters.set(request.key, item.stimulus);
      return;
    }
    this.#totals.sent += 1;
    const afterOutcome = item.records.find(({ send }) => send === 'after_outcome');
    const { stimulus, expected, isEarly = false, following = [] } = item;
    this.#open.set(item.operationId, {
      stimulus,
      expected,
      dueMs,
      requestEventId: request.eventId,
      duplicates: 0,
      afterOutcome,
      afterApproval: following.flatMap(({ send, item: after }) => (send === 'after_approval' ? [after] : [])),
      isEarly,
    });
  }

  /** A duplicate or a conflict is about to be sent. */
  willSend(operationId: string, { role, eventId }: TrafficRecord): void {
    this.#totals.sent += 1;
    if (role === 'conflict') {
      this.#openConflicts.set(eventId, operationId);
      return;
    }
    const operation = this.#open.get(operationId);
    // After the outcome was read, only another copy of it is an answer.
    if (operation === undefined) this.#openRepeats.set(operationId, (this.#openRepeats.get(operationId) ?? 0) + 1);
    else operation.duplicates += 1;
  }

  /** An outcome was read; answers what waited for it to be sent. */
  outcome(outcome: Outcome, readMs: number): SendAfter {
    const operation = this.#open.get(outcome.operationId);
    if (operation === undefined) {
      this.#repeated(outcome.operationId);
      return nothing;
    }
    this.#open.delete(outcome.operationId);
    if (!operation.isEarly) this.latency.add(readMs - operation.dueMs);
    this.#outcomes += 1;
    this.#totals[outcome.status] += 1;
    this.#totals.duplicatesAnswered += operation.duplicates;
    count(this.byAcquirer, outcome.acquirerId === '' ? 'none' : outcome.acquirerId, outcome.status);
    count(this.byScenario, outcome.scenario, outcome.status);
    count(this.byStimulus, operation.stimulus, outcome.status);
    count(this.byOperation, outcome.kind, outcome.status);
    if (!isExpected(operation.expected, outcome.status))
      this.#surprise(outcome.operationId, operation, `${outcome.status} ${outcome.responseCode}`);
    const { afterOutcome, afterApproval } = operation;
    if (afterOutcome === undefined && afterApproval.length === 0) return nothing;
    const items = outcome.status === 'approved' ? afterApproval : [];
    return afterOutcome === undefined ? { items } : { items, record: afterOutcome };
  }

  refusal({ eventId, operationId, code, field }: Refusal): void {
    if (this.#openConflicts.delete(eventId)) {
      this.#totals.refused += 1;
      return;
    }
    const operation = this.#open.get(operationId);
    if (operation?.requestEventId !== eventId) return;
    this.#open.delete(operationId);
    this.#totals.refused += 1 + operation.duplicates;
    count(this.byStimulus, operation.stimulus, 'refused');
    const { expected } = operation;
    if (expected.answer !== 'refusal' || expected.code !== code)
      this.#surprise(operationId, operation, `refused ${code} (${field})`);
  }

  /** A record with this key is in a dead-letter topic. */
  deadLetter(key: string): void {
    if (this.#openDeadLetters.delete(key)) this.#totals.deadLettered += 1;
  }

  /** Operations without an answer. */
  get openOperations(): number {
    return this.#open.size;
  }

  /** Everything without an answer. */
  get openAnswers(): number {
    const repeats = [...this.#openRepeats.values()].reduce((sum, waiting) => sum + waiting, 0);
    return this.#open.size + this.#openConflicts.size + this.#openDeadLetters.size + repeats;
  }

  /** What has no answer, and what that would be. A record for a dead-letter topic is known by its key. */
  get missing(): MissingAnswer[] {
    const waiting = (ids: Iterable<string>, waitsFor: MissingAnswer['waitsFor']): MissingAnswer[] =>
      [...ids].map((operationId) => ({ operationId, waitsFor }));
    return [
      ...waiting(this.#open.keys(), 'outcome'),
      ...waiting(this.#openRepeats.keys(), 'outcome again'),
      ...waiting(this.#openConflicts.values(), 'refusal'),
      ...waiting(this.#openDeadLetters.keys(), 'dead letter'),
    ];
  }

  get outcomes(): number {
    return this.#outcomes;
  }

  get deadLettered(): number {
    return this.#totals.deadLettered;
  }

  get surpriseCount(): number {
    return this.#totals.surprises;
  }

  get counts(): PlayCounts {
    const { sent, approved: authorized, declined, reversed, expired, duplicatesAnswered, refused } = this.#totals;
    return { sent, authorized, declined, reversed, expired, duplicatesAnswered, refused };
  }

  #repeated(operationId: string): void {
    const waiting = this.#openRepeats.get(operationId);
    if (waiting === undefined) return;
    // Copies of an outcome are all the same; one answers every duplicate that was waiting.
    this.#openRepeats.delete(operationId);
    this.#totals.duplicatesAnswered += waiting;
  }

  #surprise(operationId: string, { stimulus, expected }: OpenOperation, got: string): void {
    this.#totals.surprises += 1;
    if (this.surprises.length >= shownSurprises) return;
    const wanted =
      expected.answer === 'outcome' ? (expected.status ?? 'an outcome') : `${expected.answer} ${expected.code}`;
    this.surprises.push({ operationId, stimulus, expected: wanted, got });
  }
}

const isExpected = (expected: Expected, status: OutcomeStatusName): boolean =>
  expected.answer === 'outcome' && (expected.status === undefined || expected.status === status);

function count<K>(groups: Map<K, Group>, key: K, result: keyof Group): void {
  const group = groups.get(key) ?? emptyGroup();
  group[result] += 1;
  groups.set(key, group);
}

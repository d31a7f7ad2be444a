import { encodeRefusal, encodeScoredAround, refusalOf } from '@fourway/contracts';
import type { Clock } from '@fourway/kernel';
import type { EventMessage, EventProducer, StreamBatch, StreamRecord } from '@fourway/platform-stream';
import { decideRisk, type CardLimits, type RiskDecision } from '@fourway/risk';
import type { CardVelocity } from '../card-velocity/card-velocity.ts';
import type { LoadControl } from '../control-load/load-control.ts';
import type { DenyList } from '../deny-list/deny-list.ts';
import { admit, type Admission } from './admit-record.ts';
import type { ScoringMetrics } from './scoring-metrics.ts';

export interface ScoreOperationOptions {
  readonly velocity: Pick<CardVelocity, 'count'>;
  readonly denyList: Pick<DenyList, 'standingOf' | 'isStale'>;
  readonly limits: CardLimits;
  /** Null where every payment is let through. */
  readonly loadControl: LoadControl | null;
  readonly producer: Pick<EventProducer, 'send'>;
  readonly topics: { readonly scored: string; readonly refused: string };
  readonly metrics: ScoringMetrics;
  readonly clock: Clock;
}

/** A record together with what it turned out to be. */
type Admitted<K extends Admission['kind']> = Extract<Admission, { kind: K }> & { readonly record: StreamRecord };

type Scorable = Admitted<'payment'> | Admitted<'follow_up'>;

interface Sorted {
  readonly payments: Admitted<'payment'>[];
  readonly followUps: Admitted<'follow_up'>[];
  readonly refused: Admitted<'refused'>[];
  readonly undecodable: Admitted<'undecodable'>[];
}

/**
 * Gives every requested operation its answer: a scored record, a refusal, or a place among the dead letters. One round trip to
 * Redis and one produce a batch; a batch that is handled again counts nothing twice.
 */
export class ScoreOperation {
  readonly #options: ScoreOperationOptions;

  constructor(options: ScoreOperationOptions) {
    this.#options = options;
  }

  async handle(batch: StreamBatch): Promise<void> {
    const startedMs = performance.now();
    const { metrics, loadControl } = this.#options;
    const { payments, followUps, refused, undecodable } = sort(batch.records, loadControl);
    for (const { record, reason } of undecodable) batch.deadLetter(record, reason);

    const decisions = await this.#decide(payments);
    const scored = this.#scoredMessages(payments, decisions);
    // Behind their roots, whose key they have.
    scored.push(...this.#scoredMessages(followUps, followUps.map(unscored)));
    // Counted side by side, passed on in order: Redis may answer a later batch first, and of two bodies under one id the first one counts.
    await batch.turn;
    await this.#publish(scored, this.#refusalMessages(refused));

    for (const { record } of payments) batch.done(record);
    for (const { record } of followUps) batch.done(record);
    for (const { record } of refused) batch.done(record);
    for (const { record } of refused) loadControl?.settled(record);
    metrics.decided(decisions);
    metrics.refused(refused.map(({ error, request: { upstreamId } }) => ({ code: error.code, upstreamId })));
    metrics.undecodable(undecodable.map(({ reason }) => reason.code));
    metrics.batchDone(performance.now() - startedMs);
  }

  async #decide(payments: readonly Admitted<'payment'>[]): Promise<RiskDecision[]> {
    const { velocity, denyList, limits } = this.#options;
    const uses = await velocity.count(payments.map(({ payment }) => payment));
    const denyListStale = denyList.isStale;
    return payments.map(({ request }, at) =>
      decideRisk({ denyList: denyList.standingOf(request.cardToken), denyListStale, use: uses[at] ?? null }, limits),
    );
  }

  #scoredMessages(payments: readonly Scorable[], decisions: readonly RiskDecision[]): EventMessage[] {
    const scoredAtMs = this.#options.clock.nowMs();
    return payments.flatMap(({ request, record, bytes }, at) => {
      const decision = decisions[at];
      if (decision === undefined) return [];
      const scoring = { ...decision, sourcePartition: record.partition, sourceOffset: record.offset, scoredAtMs };
      return { key: request.rootId, value: encodeScoredAround(bytes, scoring) };
    });
  }

  #refusalMessages(refused: readonly Admitted<'refused'>[]): EventMessage[] {
    const refusedAtMs = this.#options.clock.nowMs();
    return refused.map(({ request, error, record }) => {
      const refusal = refusalOf(request, error, {
        sourcePartition: record.partition,
        sourceOffset: record.offset,
        refusedAtMs,
      });
      return { key: request.eventId, value: encodeRefusal(refusal) };
    });
  }

  async #publish(scored: readonly EventMessage[], refused: readonly EventMessage[]): Promise<void> {
    const { producer, topics } = this.#options;
    // Asked for in one turn, so the producer sends both in one request.
    const sends = [producer.send(topics.scored, scored), producer.send(topics.refused, refused)];
    await Promise.all(sends);
  }
}

/** Accepted as it is: to refuse a refund on a card's velocity would keep the payer's money. */
const unscored = (): RiskDecision => ({ verdict: 'accept', score: 0, reasons: [], degraded: false });

function sort(records: readonly StreamRecord[], loadControl: LoadControl | null): Sorted {
  const sorted: Sorted = { payments: [], followUps: [], refused: [], undecodable: [] };
  loadControl?.begin();
  for (const record of records) {
    const admission = underLoad(admit(record), record, loadControl);
    if (admission.kind === 'payment') sorted.payments.push({ ...admission, record });
    else if (admission.kind === 'follow_up') sorted.followUps.push({ ...admission, record });
    else if (admission.kind === 'refused') sorted.refused.push({ ...admission, record });
    else sorted.undecodable.push({ ...admission, record });
  }
  return sorted;
}

/** Only what is sound in itself is held against quotas, and only what takes new risk. */
function underLoad(admission: Admission, record: StreamRecord, loadControl: LoadControl | null): Admission {
  if (loadControl === null || admission.kind !== 'payment') return admission;
  const error = loadControl.refusalOf(admission.request, record);
  return error === null ? admission : { kind: 'refused', request: admission.request, error };
}

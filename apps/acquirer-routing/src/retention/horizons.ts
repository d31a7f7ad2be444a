import { SwitchError, uuidV7Floor, type FieldError, type OperationId } from '@fourway/kernel';

const dayMs = 86_400_000;

/** How far back this service remembers; whole days of the time in an operation's id. */
export interface RetentionHorizons {
  /** An id may be claimed until it is this old; 1 to 400 days. */
  readonly claimHorizonDays: number;
  /** Outcomes and totals of payments are kept for at least this long; 1 to 3,650 days. */
  readonly outcomeHorizonDays: number;
}

/** How long the rows of a day are kept, counted from its end; whole days. */
export interface KeptDays {
  readonly claims: number;
  /** Of outcomes, payment totals, acknowledged reversals and orders of merchants. */
  readonly outcomes: number;
}

/**
 * A claim made at the last moment must still answer when its record is read again, so its day outlives the horizon by the retention of the
 * topic it de-duplicates, and by one day for clocks that differ.
 * @param retentionMs of that topic; null where it keeps records for ever
 * @throws SwitchError `config_invalid` where a horizon is not longer than that, or outcomes would go before their claims
 */
export function keptDays(
  { claimHorizonDays, outcomeHorizonDays }: RetentionHorizons,
  retentionMs: number | null,
): KeptDays {
  if (retentionMs === null)
    throw invalid('the topic of requests keeps records for ever: no horizon is longer than that; give it a retention');
  const retentionDays = Math.ceil(retentionMs / dayMs);
  for (const [name, days] of [
    ['FOURWAY_CLAIM_HORIZON_DAYS', claimHorizonDays],
    ['FOURWAY_OUTCOME_HORIZON_DAYS', outcomeHorizonDays],
  ] as const) {
    if (days > retentionDays) continue;
    throw invalid(
      `${name} is ${days}: a record stays ${retentionDays} days in its topic and must find its claim when it is read again; give at least ${retentionDays + 1}`,
    );
  }
  if (outcomeHorizonDays < claimHorizonDays)
    throw invalid(
      `FOURWAY_OUTCOME_HORIZON_DAYS is ${outcomeHorizonDays}: a claim without its outcome counts as undecided; give at least FOURWAY_CLAIM_HORIZON_DAYS, ${claimHorizonDays}`,
    );
  const marginDays = retentionDays + 1;
  return { claims: claimHorizonDays + marginDays, outcomes: outcomeHorizonDays + marginDays };
}

const invalid = (message: string): SwitchError => new SwitchError('config_invalid', message);

/** The smallest id that may still be claimed; ids compare as texts, so a batch needs no more than this. */
export const oldestClaimableId = (nowMs: number, claimHorizonDays: number): OperationId =>
  uuidV7Floor(nowMs - claimHorizonDays * dayMs);

/** For an id that was never claimed and is older than that: it could not be told from one whose claim is forgotten. */
export const idTooOld: FieldError = Object.freeze({
  code: 'id_out_of_range',
  field: 'operation_id',
  rule: 'its time is not further back than operations are remembered, unless it was decided before',
  remedy: 'send the operation again under a new UUIDv7 after making sure that it was never decided',
});

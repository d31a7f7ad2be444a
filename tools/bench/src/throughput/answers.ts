import { grouped } from '@fourway/cli';
import { SwitchError } from '@fourway/kernel';

/** Outcomes by status and response code, as `approved 00`. */
export type AnswerCounts = Readonly<Record<string, number>>;

/** How many there are, of one status or of all. */
export const countOf = (counts: AnswerCounts, status = ''): number =>
  Object.entries(counts).reduce((sum, [answer, count]) => sum + (answer.startsWith(status) ? count : 0), 0);

/**
 * The answers a run added. All but expired ones are answers a sound payment may get, and the report shows them: a reversed one had no
 * answer from its acquirer in time.
 * @throws SwitchError `stalled` when payments are missing, were answered more than once or have expired
 */
export function answersOf(before: AnswerCounts, after: AnswerCounts, payments: number): AnswerCounts {
  const added = Object.entries(after).map(([answer, count]) => [answer, count - (before[answer] ?? 0)] as const);
  const answers = Object.fromEntries(added.filter(([, count]) => count !== 0));
  const [outcomes, expired] = [countOf(answers), countOf(answers, 'expired')];
  if (outcomes !== payments)
    throw new SwitchError('stalled', `${grouped(outcomes)} outcomes are stored, not ${grouped(payments)}: no figure`);
  if (expired > 0) throw new SwitchError('stalled', `${grouped(expired)} payments have expired: no figure`);
  return answers;
}

/** Declines that say nothing of the payment: Redis did not answer in time, or what was claimed could not be sent in time. */
const unableCodes = ['declined limit_unavailable', 'declined not_sent'];

/** The part of payments, from 0 to 1, that were declined because the switch or its machine could not keep up. */
export function unableShare(answers: AnswerCounts): number {
  const unable = unableCodes.reduce((sum, code) => sum + (answers[code] ?? 0), 0);
  return unable / Math.max(1, countOf(answers));
}

const mostUnable = 0.001;

/** @throws SwitchError `stalled` when so many were declined that way that the rate is one of declining, not of paying */
export function assertAble(answers: AnswerCounts): void {
  const share = unableShare(answers);
  if (share <= mostUnable) return;
  throw new SwitchError(
    'stalled',
    `${(share * 100).toFixed(1)} % of the payments were declined for want of time (${JSON.stringify(answers)}): no figure. Is the machine busy with something else?`,
  );
}

import { classifyResponseCode } from '@fourway/iso8583';
import type { LinkCounters } from './link-types.ts';

export const newLinkCounters = (): LinkCounters => ({
  salesSent: 0,
  reversalsSent: 0,
  reversalsAnswered: 0,
  answers: {},
  notSent: { not_signed_on: 0, send_window_passed: 0, no_room: 0 },
  timedOut: 0,
  disconnected: 0,
  late: 0,
  duplicates: 0,
  unmatched: 0,
  undecodable: 0,
  connects: 0,
});

export function countAnswer(counters: LinkCounters, responseCode: string): void {
  const answerClass = classifyResponseCode(responseCode);
  counters.answers[answerClass] = (counters.answers[answerClass] ?? 0) + 1;
}

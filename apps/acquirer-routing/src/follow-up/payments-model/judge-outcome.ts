import { objectionsTo, type Story, type Told } from './payment-rules.ts';

/** What a record said about the request when it came, besides its business fields. */
export interface Circumstances {
  /** Its time was over before it was sent. */
  readonly isStale: boolean;
  /** Risk had said no; of a root only. */
  readonly isDenied: boolean;
}

const acquirersCode = /^[0-9A-Z]{2}$/;
const unknownAnswers: ReadonlySet<string> = new Set(['no_answer', 'late_answer', 'amount_mismatch']);

/** What is wrong with an outcome at its place in the story; null where the rules allow it. */
export function faultOf(outcome: Told, before: Story | null, { isStale, isDenied }: Circumstances): string | null {
  const said = `${outcome.kind} ${outcome.status} ${outcome.code}`;
  const unless = (isRight: boolean, rule: string): string | null => (isRight ? null : `${said}: ${rule}`);
  if (isStale && !isDenied) return unless(outcome.status === 'expired', 'what came after its time expires');
  if (isDenied) return unless(outcome.status === 'declined' || isStale, 'what risk denied is declined');
  if (outcome.status === 'expired') return `${said}: it came in time`;
  const objections = before === null ? new Set<string>() : objectionsTo(outcome, before);
  if (objections.size > 0)
    return unless(
      outcome.status === 'declined' && objections.has(outcome.code),
      `declined for one of ${[...objections].join(', ')}`,
    );
  if (outcome.kind === 'reversal')
    return unless(
      outcome.status === 'approved',
      'a reversal that nothing speaks against is approved when it is durable',
    );
  return unless(isAcquirersAnswer(outcome), "nothing speaks against it, so it is its acquirer's to decide");
}

function isAcquirersAnswer({ status, code }: Told): boolean {
  switch (status) {
    case 'approved':
      return code === '00';
    case 'declined':
      return (acquirersCode.test(code) && code !== '00') || code === 'not_sent' || code === 'no_route';
    case 'reversed':
      return unknownAnswers.has(code);
    default:
      return false;
  }
}

import type { AcquirerEntry, OperationBooks, OutcomeEntry, ReversalEntry } from './entries.ts';

export interface OperationVerdict {
  /** What does not agree, for people; empty where the books agree. */
  readonly faults: readonly string[];
  /** An approval that waits for its reversal, inside the time it has. */
  readonly hasPendingReversal: boolean;
}

export interface ComparisonRules {
  /** False where there is no ledger to compare. */
  readonly withFacts: boolean;
}

/** A reversal that is not acknowledged by then is money we owe, not a reversal under way. */
const reversalDeadlineMs = 24 * 3_600_000;
const acquirerCode = /^[0-9A-Z]{2}$/;

/** What the books say about one operation, and whether it is the same thing (guarantee G2). */
export function compareOperation(books: OperationBooks, { withFacts }: ComparisonRules): OperationVerdict {
  const attempts = attemptsOf(books);
  const pending = attempts.filter((attempt) => attempt.state === 'approved' && attempt.isBeingReversed);
  const faults = [
    ...oursAgainstUpstream(books),
    ...attempts.flatMap((attempt) => attemptFaults(attempt)),
    ...oursAgainstAcquirers(books.ours[0], books.isUndecided, attempts),
    ...(withFacts ? oursAgainstFacts(books) : []),
  ];
  return { faults, hasPendingReversal: pending.length > 0 };
}

interface Attempt {
  readonly acquirerId: string;
  readonly rrn: string;
  readonly sales: readonly AcquirerEntry[];
  readonly reversals: readonly AcquirerEntry[];
  /** What the acquirer's book adds up to. */
  readonly state: 'never_seen' | 'approved' | 'declined' | 'reversed';
  readonly isBeingReversed: boolean;
  /** An upstream asked for its reversal: our outcome stays what it was, and a later one undid it. */
  readonly isReversalRequested: boolean;
}

function attemptsOf({ acquirers, reversals }: OperationBooks): Attempt[] {
  const byReference = Map.groupBy(acquirers, ({ acquirerId, rrn }) => `${acquirerId}/${rrn}`);
  return [...byReference.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const { acquirerId, rrn } = first;
    const sales = entries.filter(({ kind }) => kind !== 'reversal');
    const undone = entries.filter(({ kind }) => kind === 'reversal');
    const listed = reversals.filter((entry) => entry.acquirerId === acquirerId && entry.rrn === rrn);
    return [
      {
        acquirerId,
        rrn,
        sales,
        reversals: undone,
        state: stateOf(sales, undone),
        isBeingReversed: listed.some(isInTime),
        isReversalRequested: listed.some(({ reason }) => reason === 'requested'),
      },
    ];
  });
}

const isInTime = ({ state, ageMs }: ReversalEntry): boolean => state === 'pending' && ageMs < reversalDeadlineMs;
const isApproval = ({ status }: AcquirerEntry): boolean => status === 'approved';
const isUndoing = ({ status }: AcquirerEntry): boolean => status === 'reversed';

function stateOf(sales: readonly AcquirerEntry[], reversals: readonly AcquirerEntry[]): Attempt['state'] {
  if (!sales.some(isApproval)) return sales.length === 0 ? 'never_seen' : 'declined';
  return reversals.some(isUndoing) ? 'reversed' : 'approved';
}

function oursAgainstUpstream({ ours, upstream }: OperationBooks): string[] {
  if (ours.length === 0 && upstream.length === 0) return [];
  if (ours.length > 1) return ['our book has it more than once'];
  if (upstream.length > 1) return ['upstream was told different outcomes'];
  const [own] = ours;
  const [told] = upstream;
  if (own === undefined) return ['upstream has an outcome, our book has none'];
  if (told === undefined) return ['our book has an outcome, upstream has none'];
  return differingFields(own, told).map((field) => `${field} differs: ours ${own[field]}, upstream ${told[field]}`);
}

const comparedFields = ['amountMinor', 'currency', 'status', 'responseCode', 'acquirerId', 'rrn', 'kind'] as const;

const differingFields = (own: OutcomeEntry, told: OutcomeEntry): (typeof comparedFields)[number][] =>
  comparedFields.filter((field) => own[field] !== told[field]);

/** What is wrong with an attempt at the acquirer whatever we say about it. */
function attemptFaults({ acquirerId, sales, reversals }: Attempt): string[] {
  const faults: string[] = [];
  if (sales.filter(isApproval).length > 1) faults.push(`acquirer ${acquirerId} approved it more than once`);
  if (!sales.some(isApproval) && reversals.some(isUndoing)) {
    faults.push(`acquirer ${acquirerId} reversed an approval that is not in its book`);
  }
  const amounts = new Set([...sales, ...reversals].map(({ amountMinor, currency }) => `${amountMinor} ${currency}`));
  if (amounts.size > 1) faults.push(`acquirer ${acquirerId} names several amounts: ${[...amounts].join(', ')}`);
  return faults;
}

function oursAgainstAcquirers(
  own: OutcomeEntry | undefined,
  isUndecided: boolean,
  attempts: readonly Attempt[],
): string[] {
  const deciding = attempts.find((attempt) => attempt.acquirerId === own?.acquirerId && attempt.rrn === own.rrn);
  const others = attempts.filter((attempt) => attempt !== deciding);
  // While we have not decided, the acquirer may already have.
  const faults = isUndecided ? [] : others.flatMap((attempt) => strayFaults(attempt, own));
  if (own === undefined) return faults;
  return [...faults, ...(deciding === undefined ? absentFaults(own) : decidingFaults(own, deciding))];
}

function strayFaults({ acquirerId, rrn, state, isBeingReversed }: Attempt, own: OutcomeEntry | undefined): string[] {
  if (state === 'approved' && !isBeingReversed) {
    return [
      `acquirer ${acquirerId} approved it (RRN ${rrn}); our book ${own === undefined ? 'has no outcome' : `says ${own.status}`} and nothing reverses it`,
    ];
  }
  if (own?.acquirerId === '' && state !== 'never_seen')
    return [`acquirer ${acquirerId} has it, but we chose no acquirer`];
  return [];
}

function absentFaults({ status, acquirerId, responseCode, kind }: OutcomeEntry): string[] {
  // A reversal is the 0420 of what it undoes, so it stands in the acquirer's book under that one.
  if (kind === 'reversal') return [];
  if (status === 'approved') return [`we say approved, acquirer ${acquirerId} has no such sale`];
  if (status === 'declined' && acquirerCode.test(responseCode)) {
    return [`we say acquirer ${acquirerId} declined it with ${responseCode}, its book has no such sale`];
  }
  return [];
}

function decidingFaults(own: OutcomeEntry, attempt: Attempt): string[] {
  return [...amountFaults(own, attempt), ...statusFaults(own, attempt), ...codeFaults(own, attempt)];
}

function amountFaults(own: OutcomeEntry, { sales, reversals }: Attempt): string[] {
  const entry = sales[0] ?? reversals[0];
  if (entry === undefined || (entry.amountMinor === own.amountMinor && entry.currency === own.currency)) return [];
  return [`amount differs: ours ${own.amountMinor} ${own.currency}, acquirer ${entry.amountMinor} ${entry.currency}`];
}

function statusFaults({ status }: OutcomeEntry, attempt: Attempt): string[] {
  const { state, acquirerId, isBeingReversed, isReversalRequested } = attempt;
  if (isReversalRequested && status === 'approved')
    return state === 'reversed' || isBeingReversed ? [] : [`acquirer ${acquirerId} was not made to reverse it in time`];
  if (allowedStates[status]?.includes(state) === true || (status === 'reversed' && isBeingReversed)) return [];
  return [`status differs: ours ${status}, acquirer ${acquirerId} ${state}`];
}

function codeFaults({ status, responseCode }: OutcomeEntry, { state, sales }: Attempt): string[] {
  const code = sales[0]?.responseCode;
  if (state !== 'declined' || status !== 'declined' || code === responseCode) return [];
  return [`response code differs: ours ${responseCode}, acquirer ${code ?? 'none'}`];
}

/** What an acquirer's book may add up to, given our outcome. */
const allowedStates: Readonly<Record<string, readonly Attempt['state'][]>> = {
  approved: ['approved'],
  declined: ['declined'],
  reversed: ['never_seen', 'declined', 'reversed'],
  expired: ['never_seen'],
};

function oursAgainstFacts({ ours, facts }: OperationBooks): string[] {
  const own = ours[0];
  const posted = facts.map(({ amountMinor }) => amountMinor);
  if (own?.status !== 'approved')
    return posted.length === 0 ? [] : ['the ledger has a posting of a payment that is not approved'];
  return own.kind === 'authorize'
    ? posted.map(() => 'the ledger posted an authorization')
    : approvalFaults(own, posted);
}

function approvalFaults({ kind, amountMinor }: OutcomeEntry, posted: readonly bigint[]): string[] {
  // A hold that is released posts nothing: the limits of the payment tell whether it was one.
  if (posted.length === 0 && (kind === 'void' || kind === 'reversal')) return [];
  if (posted.length !== 1) return [`the ledger has ${posted.length} postings of an approved payment`];
  const isRight = signsOf(kind).some((sign) => posted[0] === sign * amountMinor);
  return isRight ? [] : [`the ledger posted ${posted[0]}, the outcome says ${amountMinor}`];
}

/** Which way money may go in an operation of the kind. */
function signsOf(kind: string): bigint[] {
  if (kind === 'refund' || kind === 'void') return [-1n];
  return kind === 'reversal' ? [-1n, 1n] : [1n];
}

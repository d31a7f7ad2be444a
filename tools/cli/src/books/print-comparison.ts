import { grouped, tableOf } from '../print/table.ts';
import type { BooksDifference, BooksReport } from './compare-books.ts';
import type { AcquirerEntry, OutcomeEntry } from './entries.ts';

const shown = 20;

/** The comparison for people, the verdict last. */
export function printComparison(report: BooksReport): string {
  const { compared, differences, differenceCount, undecided, reversalsPending, ledger, limits } = report;
  const sums = ledger.sums.map(({ currency, sumMinor }) => `${currency} ${sumMinor}`).join(', ');
  const counts = tableOf(
    ['books', ''],
    [
      ['operations compared', grouped(compared)],
      ['differences', grouped(differenceCount)],
      ['undecided claims', grouped(undecided.count)],
      ['approvals waiting for their reversal', grouped(reversalsPending)],
      ['ledger postings', ledger.present ? grouped(ledger.facts) : 'no ledger'],
      ['payments with operations', grouped(limits.payments)],
      ['sum of all balances', sums === '' ? '-' : sums],
    ],
  );
  return [
    counts,
    ...ledger.imbalances.slice(0, shown).map((fault) => `! ledger: ${fault}`),
    ...limits.faults.slice(0, shown).map((fault) => `! limits: ${fault}`),
    ...differences.slice(0, shown).map(differenceText),
    verdictOf(report),
  ].join('\n');
}

export const verdictOf = ({ agree, compared, differenceCount, differences, undecided, limits }: BooksReport): string =>
  agree
    ? `books agree: ${grouped(compared)} operations${undecided.count > 0 ? `, ${grouped(undecided.count)} undecided` : ''}`
    : `books DIFFER: ${grouped(differenceCount)} of ${grouped(compared)} operations, first ${differences[0]?.operationId ?? limits.faults[0] ?? 'none; the ledger does not balance'}`;

function differenceText({ operationId, faults, ours, acquirers, upstream, reversals, facts }: BooksDifference): string {
  return [
    `payment ${operationId}`,
    ...faults.map((fault) => `  ! ${fault}`),
    `  ours      ${ours.map(outcomeText).join(' | ') || 'nothing'}`,
    `  upstream  ${upstream.map(outcomeText).join(' | ') || 'nothing'}`,
    `  acquirers ${acquirers.map(acquirerText).join(' | ') || 'nothing'}`,
    ...reversals.map(({ acquirerId, state, rrn }) => `  reversal  ${acquirerId} ${rrn} ${state}`),
    ...facts.map(({ amountMinor }) => `  ledger    ${amountMinor}`),
  ].join('\n');
}

const outcomeText = ({ status, amountMinor, currency, responseCode, acquirerId, rrn }: OutcomeEntry): string =>
  `${status} ${amountMinor} ${currency} code ${responseCode}${acquirerId === '' ? '' : ` at ${acquirerId} RRN ${rrn}`}`;

const acquirerText = ({ acquirerId, kind, status, amountMinor, currency, responseCode, rrn }: AcquirerEntry): string =>
  `${acquirerId} ${kind} ${status} ${amountMinor} ${currency} code ${responseCode} RRN ${rrn}`;

import { grouped, tableOf } from '../../print/table.ts';
import type { SweepReport } from './sweep-books.ts';

const shown = 20;

/** The sweep for people, the verdict last. */
export function printSweep(report: SweepReport): string {
  const { day, claims, outcomes, facts, withClaims, withFacts, differences, differenceCount, durationSeconds } = report;
  const counts = tableOf(
    [day, ''],
    [
      ['claims', withClaims ? grouped(claims) : 'past their horizon'],
      ['outcomes', grouped(outcomes)],
      ['facts', withFacts ? grouped(facts) : 'no ledger'],
      ['differences', grouped(differenceCount)],
      ['seconds', durationSeconds.toFixed(1)],
    ],
  );
  const hidden = differenceCount - Math.min(shown, differences.length);
  return [
    counts,
    ...differences
      .slice(0, shown)
      .flatMap(({ operationId, rootId, detail, remedy }) => [
        `payment ${rootId}${rootId === operationId ? '' : `, operation ${operationId}`}`,
        `  ! ${detail}`,
        `  → ${remedy}`,
      ]),
    ...(hidden > 0 ? [`… and ${grouped(hidden)} more`] : []),
    differenceCount === 0
      ? `claims, outcomes and facts of ${day} agree`
      : `claims, outcomes and facts of ${day} DIFFER: ${grouped(differenceCount)} operations, first ${differences[0]?.operationId ?? ''}`,
  ].join('\n');
}

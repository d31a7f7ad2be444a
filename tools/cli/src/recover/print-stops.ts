import { grouped, tableOf } from '../print/table.ts';
import type { Stop, Stops } from './find-stops.ts';
import type { Recovery } from './recover.ts';

/** What is stopped, why, what is lost and what is not, for people. */
export function printStops({ partitions, cursors, openWork }: Stops): string {
  if (partitions.length + cursors.length === 0) return 'nothing is stopped: every position lies in its log';
  const rows = partitions.map((stop) => [
    ...[stop.groupId, `${stop.topic}/${stop.partition}`, String(stop.position), `${stop.logStart} to ${stop.logEnd}`],
    ...[goneText(stop), String(stop.members)],
  ]);
  return [
    ...(rows.length === 0
      ? []
      : [tableOf(['group', 'partition', 'position', 'log holds', 'gone unread', 'members'], rows)]),
    ...cursors.map(
      ({ topic, partition, nextOffset, logStart, logEnd }) =>
        `settlement's own cursor of ${topic}/${partition} is ${nextOffset}; the log holds ${logStart} to ${logEnd}`,
    ),
    ...partitions.map(({ groupId, topic, partition, reason }) => `${groupId} ${topic}/${partition}: ${reason}`),
    ...[...new Set(partitions.map(({ remedy }) => remedy))].map((remedy) => `→ ${remedy}`),
    `still open and finished by the services themselves: ${grouped(openWork.parked)} parked operations, ${grouped(openWork.reversals)} reversals, ${grouped(openWork.outbox)} payments in qr-payment's outbox`,
    '→ claims without outcomes, and outcomes without facts: npm run fourway -- books sweep --day YYYY-MM-DD',
  ].join('\n');
}

const goneText = ({ gone, position, logEnd }: Stop): string => {
  if (gone !== null) return `${gone.from} to ${gone.to - 1n}: ${grouped(gone.to - gone.from)}`;
  return position > logEnd ? 'unknown: the log was made anew, or lost its end' : 'unknown';
};

export function printRecovery({ cursorsMoved, goingOn, waiting }: Recovery): string {
  const where = waiting.map(
    ({ groupId, topic, partition, members }) =>
      `${groupId} ${topic}/${partition}: ${members === 0 ? 'goes on when the group has members; start the service' : 'decided, and not seen to go on; restart the service'}`,
  );
  const cursors = cursorsMoved === 0 ? '' : `, ${cursorsMoved} of settlement's cursors moved`;
  return [...where, `${goingOn} of ${goingOn + waiting.length} partitions go on without a restart${cursors}`].join(
    '\n',
  );
}

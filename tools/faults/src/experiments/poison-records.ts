import { brokersOf, grouped, type PlayReport } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { listDeadLetters, type DeadLetter } from '@fourway/platform-stream';
import { dayMix } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';
import type { Damage, Fault } from './fault.ts';

const poisonCodes: ReadonlySet<string> = new Set(['undecodable', 'unknown_version']);

/** Records that cannot be read and every other sort of bad input, among sound payments. */
export const poisonRecords: Fault = {
  name: 'poison-records',
  promise: 'each poison record is one dead letter with its reason, other bad input is refused, the partition goes on',
  mix: { ...dayMix, badInputShare: 0.25 },
  inflict: async (lab): Promise<Damage> => {
    const before = new Set((await deadLetters(lab)).map(({ id }) => id));
    return {
      bit: ({ deadLettered }) => deadLettered,
      mustBite: 1,
      recoverySeconds: () => null,
      seen: ({ deadLettered, payments }) =>
        `${grouped(deadLettered)} records set aside, ${grouped(payments.refused)} requests refused`,
      problems: async (played) =>
        problemsOf(
          played,
          (await deadLetters(lab)).filter(({ id }) => !before.has(id)),
        ),
    };
  },
};

const deadLetters = ({ stack }: Lab): Promise<DeadLetter[]> =>
  listDeadLetters({ brokers: brokersOf(stack()), clientId: 'fourway-faults', topic: topics.requested.name });

function problemsOf({ deadLettered }: PlayReport, letters: readonly DeadLetter[]): string[] {
  const unexplained = letters.filter(({ reason }) => !poisonCodes.has(reason.code) || reason.detail === '');
  return [
    ...(letters.length === deadLettered ? [] : [`${letters.length} dead letters for ${deadLettered} poison records`]),
    ...(unexplained.length === 0 ? [] : [`${unexplained.length} dead letters without a reason`]),
  ];
}

import { grouped } from '@fourway/cli';
import type { Damage, Fault } from './fault.ts';

/** Every request comes twice: in one batch, while it is in flight, or after its outcome. */
export const duplicateStorm: Fault = {
  name: 'duplicate-storm',
  promise: 'every duplicate gets the stored answer, none has an effect',
  mix: { payments: { duplicate_in_batch: 1, duplicate_in_flight: 1, duplicate_after_outcome: 1 }, badInputShare: 0 },
  inflict: (lab): Promise<Damage> =>
    Promise.resolve({
      bit: ({ payments }) => payments.duplicatesAnswered,
      mustBite: lab.options.payments,
      recoverySeconds: () => null,
      seen: ({ payments }) => `${grouped(payments.duplicatesAnswered)} duplicates answered`,
    }),
};

import type { Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/wait-until.ts';
import type { Witness } from './holding.ts';
import type { Victim } from './victim.ts';

/** One kill -9 and what became of it. */
export interface Kill {
  readonly victim: string;
  readonly holds: Victim['holds'];
  readonly killedMs: number;
  readonly witness: Witness;
  /** From the kill until work that came after it got through; undefined until that is awaited. */
  recoverySeconds: number | undefined;
}

const aliveWithinMs = 90_000;
const resumedWithinMs = 90_000;
const readWithinMs = 20_000;

/**
 * Kills the victim as soon as it is up.
 * @throws SwitchError `stalled` when it does not come up
 */
export async function kill(lab: Lab, victim: Victim): Promise<Kill> {
  const pid = await waitFor(() => victim.pid(lab.stack()), { what: `${victim.name} up`, withinMs: aliveWithinMs });
  const killedMs = Date.now();
  process.kill(pid, 'SIGKILL');
  const witness = remembering(await victim.witness(lab, killedMs), killedMs);
  console.log(`  · killed ${victim.name} (pid ${pid}) at ${new Date(killedMs).toISOString().slice(11, 23)}`);
  return { victim: victim.name, holds: victim.holds, killedMs, witness, recoverySeconds: undefined };
}

/** What was held at the kill is asked again and again, and is known for good when the topics have been read up to it. */
function remembering({ held, resumedMs }: Witness, killedMs: number): Witness {
  let known: number | undefined;
  return {
    resumedMs,
    held: () => {
      if (known !== undefined) return known;
      const count = held();
      if (Date.now() - killedMs > readWithinMs) known = count;
      return count;
    },
  };
}

/** @throws SwitchError `stalled` when nothing gets through for a minute and a half */
export async function awaitResumed(killed: Kill): Promise<void> {
  const { victim, killedMs, witness } = killed;
  const wanted = { what: `progress after the kill of ${victim}`, withinMs: resumedWithinMs };
  const resumedMs = await waitFor(() => witness.resumedMs(), wanted);
  killed.recoverySeconds = Math.round((resumedMs - killedMs) / 10) / 100;
}

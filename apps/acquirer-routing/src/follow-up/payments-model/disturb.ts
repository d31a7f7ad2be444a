import { sleep } from '@fourway/kernel';
import type { RoutingFleet } from '../../testing/routing-fleet.ts';
import type { Blow } from './scenario.ts';

/** Always there, before and after a scenario. */
const residents = [0, 1] as const;
const newcomer = 2;
const successor = 3;
/** Longer than an acquirer may take, shorter than a session: whoever sleeps so long finds its work taken up by nobody, and late. */
const sleepMs = 2_500;

/** Brings the fleet to where a scenario begins. */
export async function assemble(fleet: RoutingFleet): Promise<void> {
  await Promise.all(residents.map((replica) => fleet.up(replica)));
  for (const guest of [newcomer, successor]) await fleet.end(guest, 'SIGTERM');
}

/** Deals a blow; resolves when what follows from it has been begun. Throws where a process does not leave as it promised. */
export async function deal(fleet: RoutingFleet, blow: Blow, wave: number): Promise<void> {
  const struck = residents[wave % residents.length] ?? residents[0];
  switch (blow) {
    case 'kill':
      await fleet.end(struck, 'SIGKILL');
      return fleet.up(struck);
    case 'stop':
      await leave(fleet, struck);
      return fleet.up(struck);
    case 'join':
      return fleet.up(newcomer);
    case 'replace':
      // Its partitions are nobody's until its session ends.
      await fleet.end(struck, 'SIGKILL');
      return fleet.up(successor);
    case 'pause':
      fleet.pause(struck, true);
      await sleep(sleepMs);
      fleet.pause(struck, false);
      return;
    case 'cut_link':
      return fleet.simulator.disconnect();
  }
}

async function leave(fleet: RoutingFleet, replica: number): Promise<void> {
  const code = await fleet.end(replica, 'SIGTERM');
  if (code !== 0 && code !== null) throw new Error(`replica ${replica} was asked to stop and ended with ${code}`);
}

import { sleep } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import { countDirectoryChanges, deniedTokens, type World } from '@fourway/world';
import { startProgress } from '../print/progress.ts';
import { brokersOf } from '../stack-file.ts';
import { setAmountRules } from './acquirer-behaviour.ts';
import { awaitDirectory } from './await-directory.ts';
import { denyCards, denyListTakesEffectMs } from './deny-cards.ts';
import { loadWorld } from './load-world.ts';

export type WorldStack = Pick<StackDescription, 'kafka' | 'postgres' | 'acquirers'>;

/** Makes a running stack ready for the traffic of a world, with progress for people; the number of directory records. */
export async function prepareWorld(stack: WorldStack, world: World): Promise<number> {
  await setAmountRules(stack.acquirers);
  await denyCards(stack.postgres, deniedTokens);
  const deniedMs = performance.now();
  const sending = startProgress('directory sent', countDirectoryChanges(world));
  const { records, version } = await loadWorld({ brokers: brokersOf(stack), world, onProgress: sending.update });
  sending.stop();
  const taking = startProgress('merchants taken over by the services', world.merchantCount);
  await awaitDirectory({ postgresUrl: stack.postgres, world, version, onProgress: taking.update });
  taking.stop();
  await sleep(Math.max(0, denyListTakesEffectMs - (performance.now() - deniedMs)));
  return records;
}

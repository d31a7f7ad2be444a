import { sleep } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import { countDirectoryChanges, deniedTokens, type World } from '@fourway/world';
import { startProgress, type Progress } from '../print/progress.ts';
import { brokersOf } from '../stack-file.ts';
import { setAmountRules } from './acquirer-behaviour.ts';
import { awaitDirectory } from './await-directory.ts';
import { denyCards, denyListTakesEffectMs } from './deny-cards.ts';
import { importWorld } from './import-world.ts';
import { loadWorld } from './load-world.ts';

export type WorldStack = Pick<StackDescription, 'kafka' | 'postgres' | 'acquirers' | 'services' | 'apiMasterKey'>;

/** Makes a running stack ready for the traffic of a world, with progress for people; the number of directory records. */
export async function prepareWorld(stack: WorldStack, world: World): Promise<number> {
  await setAmountRules(stack.acquirers);
  await denyCards(stack.postgres, deniedTokens);
  const deniedMs = performance.now();
  const sending = startProgress('directory sent', countDirectoryChanges(world));
  const { records, version } = await sendDirectory(stack, world, sending);
  sending.stop();
  const taking = startProgress('merchants taken over by the services', world.merchantCount);
  await awaitDirectory({ postgresUrl: stack.postgres, world, onProgress: taking.update, ...version });
  taking.stop();
  await sleep(Math.max(0, denyListTakesEffectMs - (performance.now() - deniedMs)));
  return records;
}

interface SentDirectory {
  readonly records: number;
  readonly version: { readonly version?: bigint };
}

/** Through the directory's owner where the stack runs it; a rig of single services gets the records themselves. */
async function sendDirectory(
  stack: WorldStack,
  world: World,
  { update: onProgress }: Progress,
): Promise<SentDirectory> {
  const owner = stack.services['partner-platform'];
  if (owner === undefined || owner.pids.length === 0) {
    const { records, version } = await loadWorld({ brokers: brokersOf(stack), world, onProgress });
    return { records, version: { version } };
  }
  const { lines } = await importWorld({ url: owner.url, apiMasterKey: stack.apiMasterKey, world, onProgress });
  return { records: lines, version: {} };
}

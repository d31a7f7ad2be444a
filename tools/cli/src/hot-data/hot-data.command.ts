import { Command } from 'commander';
import { writeReport } from '../print/json-report.ts';
import { startProgress, type Progress } from '../print/progress.ts';
import { grouped, tableOf } from '../print/table.ts';
import { stackOf } from '../stack-file.ts';
import { rebuildHotData } from './rebuild-hot-data.ts';

interface RebuildOptions {
  readonly json?: string;
  readonly stack?: string;
}

export const hotDataCommand = (): Command =>
  new Command('hot-data')
    .description('what the services keep in Redis')
    .addCommand(
      new Command('rebuild')
        .description('have the services bring their hot data back from its sources, while they serve')
        .option('--json <file>', 'write the times there')
        .option('--stack <file>', "the stack's description; default this checkout's own")
        .action(rebuild),
    );

async function rebuild({ json, ...stackFile }: RebuildOptions): Promise<void> {
  const bars = new Map<string, Progress>();
  const copies = await rebuildHotData({
    stack: stackOf(stackFile),
    onProgress: ({ service, what }, { copied, total }) => {
      if (!bars.has(service)) bars.set(service, startProgress(`${service}: ${what}`, total));
      bars.get(service)?.update(copied);
    },
  });
  for (const bar of bars.values()) bar.stop();
  const rows = copies.map(({ service, what, entries, seconds }) => [
    ...[service, what, entries === null ? '-' : grouped(entries), seconds.toFixed(1)],
  ]);
  console.log(tableOf(['service', 'hot data', 'entries', 'seconds'], rows));
  console.log(`hot data complete in all ${copies.length} services`);
  if (json !== undefined) writeReport(json, { copies });
}

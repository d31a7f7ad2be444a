// The detached supervisor of `npm run stack -- up`. Its output goes to run/supervisor.log in the state folder.
import { messageOf } from '../processes/errors.ts';
import { fourwayServices, onlyServices } from '../services.ts';
import { startStack, type RunningStack } from '../start-stack.ts';
import { stateFolder } from '../state-folder.ts';
import { startControlServer, type ControlServer } from './control-server.ts';
import { daemonRequest, type DaemonMessage } from './daemon-protocol.ts';

let stack: RunningStack | undefined;
let control: ControlServer | undefined;
let stopping = false;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// Whoever ran `up` has gone before the stack was ready: nobody waits for it any more.
process.on('disconnect', () => {
  if (stack === undefined) void stop(1);
});

try {
  const { services, stateDir, jsonFile, replicas } = daemonRequest.parse(JSON.parse(process.argv[2] ?? ''));
  stack = await startStack({
    replicas,
    table: services === undefined ? fourwayServices : onlyServices(fourwayServices, services),
    report,
    ...(stateDir !== undefined && { stateDir }),
    ...(jsonFile !== undefined && { jsonFile }),
  });
  control = await startControlServer(stack, stateFolder(stateDir).control);
  // With given engines and no services there is no child to stay for.
  setInterval(() => undefined, 3_600_000);
  tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
} catch (error) {
  stopping = true;
  process.exitCode = 1;
  log(messageOf(error));
  tell({ kind: 'failed', message: messageOf(error) });
  if (process.connected) process.disconnect();
}

/** Before the stack is complete there is nothing to stop in order: leaving is enough, the guardian ends what was started. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  report('stopping');
  control?.close();
  await stack?.stop();
  process.exit(exitCode);
}

function report(line: string): void {
  log(line);
  tell({ kind: 'progress', line });
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

function tell(message: DaemonMessage): void {
  if (process.connected) process.send?.(message);
}

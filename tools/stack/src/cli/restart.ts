import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { readJsonFile } from '../processes/json-file.ts';
import { StackError } from '../processes/errors.ts';
import { stateFolder } from '../state-folder.ts';
import type { ReplicaRestart } from '../supervisor/restart-services.ts';
import { controlAddress, controlMessage } from './control-protocol.ts';

export interface RestartRequest {
  readonly stateDir: string | undefined;
  readonly services: readonly string[];
}

/**
 * Has the supervisor restart services, one replica at a time, and returns what it did.
 * @throws StackError when there is no supervisor, or a replica did not come back
 */
export async function restart(
  { stateDir, services }: RestartRequest,
  print: (line: string) => void,
): Promise<readonly ReplicaRestart[]> {
  const raw = readJsonFile(stateFolder(stateDir).control);
  if (raw === undefined) throw new StackError('No stack is up. Start one: npm run stack -- up');
  const { url, token } = controlAddress.parse(raw);
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ services }),
  });
  if (response.status === 409) throw new StackError('Another restart is under way. Wait for its end.');
  if (response.body === null || !response.ok) throw new StackError(`The supervisor refused (${response.status}).`);
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    const message = controlMessage.parse(JSON.parse(line));
    if (message.kind === 'progress') print(message.line);
    if (message.kind === 'failed') throw new StackError(message.message);
    if (message.kind === 'done') return message.restarts;
  }
  throw new StackError('The supervisor ended while it restarted services.');
}

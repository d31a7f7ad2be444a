import { randomUUID } from 'node:crypto';
import { Argument, Command } from 'commander';
import { SwitchError } from '@fourway/kernel';
import { ApiClient, type ApiRequest } from '../orders/api-client.ts';
import { curlOf } from './curl.ts';
import { stackOf } from '../stack-file.ts';

interface ApiOptions {
  readonly as: string;
  readonly keyVersion: string;
  readonly body?: string;
  readonly idempotencyKey?: string;
  readonly curl?: boolean;
  readonly stack?: string;
}

export const apiCommand = (): Command =>
  new Command('api')
    .description('one signed request to the HTTP API of a stack')
    .addArgument(new Argument('<method>', 'GET or POST').choices(['GET', 'POST']))
    .argument('<path>', 'for example /v1/orders')
    .requiredOption('--as <principal>', 'merchant:<id>, wallet:<name>, provider:<id> or operator:<name>')
    .option('--key-version <n>', 'version of the principal’s key', '1')
    .option('--body <json>', 'the body')
    .option('--idempotency-key <key>', 'default for POST: a new one')
    .option('--curl', 'print the request as a curl command, good for five minutes, instead of sending it')
    .option('--stack <file>', "the stack's description; default this checkout's own")
    .action(request);

async function request(method: 'GET' | 'POST', path: string, options: ApiOptions): Promise<void> {
  const { url, apiMasterKey } = stackOf(options);
  if (url === null) throw new SwitchError('engine_unavailable', 'this stack has no front door');
  const idempotencyKey = options.idempotencyKey ?? (method === 'POST' ? randomUUID() : undefined);
  const asked: ApiRequest = {
    ...{ caller: { principal: options.as, version: Number(options.keyVersion) }, method, path },
    ...(options.body === undefined ? {} : { body: parseBody(options.body) }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  if (options.curl === true) {
    console.log(curlOf(url, apiMasterKey, asked));
    return;
  }
  const client = new ApiClient(url, { masterKeyHex: apiMasterKey, connections: 1 });
  try {
    const { status, body } = await client.send(asked);
    console.log(`${status}\n${JSON.stringify(body, null, 2)}`);
    if (status >= 400) process.exitCode = 1;
  } finally {
    await client.close();
  }
}

function parseBody(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new SwitchError('config_invalid', `--body is not a JSON object: ${text}`);
}

import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { verifyRequest } from '@fourway/platform-signing';
import { curlOf } from './curl.ts';

const masterKeyHex = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';

it('a request printed for the shell reaches curl as it was signed, quotes included', () => {
  const command = curlOf('http://127.0.0.1:1', masterKeyHex, {
    ...{ caller: { principal: 'merchant:812345678900001', version: 3 }, method: 'POST', path: '/v1/orders?a=1' },
    ...{ body: { description: "Li's noodles" }, idempotencyKey: 'k1' },
  });
  // What the shell makes of it, one argument a line.
  const told = execFileSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8' }).split('\n');
  const header = (name: string): string | undefined =>
    told.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const names = ['fourway-key', 'fourway-timestamp', 'fourway-signature'] as const;
  const body = told[told.indexOf('--data-raw') + 1] ?? '';
  expect(body).toBe('{"description":"Li\'s noodles"}');
  expect(told).toContain('http://127.0.0.1:1/v1/orders?a=1');
  expect(
    verifyRequest(Buffer.from(masterKeyHex, 'hex'), {
      ...{ method: 'POST', path: '/v1/orders?a=1', body, nowMs: Date.now() },
      headers: Object.fromEntries(names.map((name) => [name, header(name)])),
    }),
  ).toMatchObject({ ok: true, key: { id: '812345678900001', version: 3 } });
});

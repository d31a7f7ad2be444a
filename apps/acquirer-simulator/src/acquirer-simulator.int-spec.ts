import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decode, encode, frame, FrameReader, ISO87A } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import { AcquirerHost } from './acquirer-host.ts';
import { behaviourSchema } from './behaviour.ts';
import { createControlServer } from './control-server.ts';
import { IsoServer } from './iso-server.ts';
import { Payments } from './payments.ts';

let folder = '';
let payments: Payments;
let iso: IsoServer;
let control: Server;
let socket: Socket;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-simulator-'));
  payments = new Payments(join(folder, 'book.tsv'));
  const host = new AcquirerHost({ acquirerId: '48020000', payments, behaviour: behaviourSchema.parse({}) });
  iso = new IsoServer({ host, payments, port: 0, profile: ISO87A });
  await iso.obey(false);
  control = createControlServer({ host, iso, payments }).listen(0);
  await once(control, 'listening');
  socket = connect(iso.port, '127.0.0.1');
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  await iso.stop();
  control.close();
  control.closeAllConnections();
  payments.close();
  rmSync(folder, { recursive: true });
});

const signOn: Iso8583Message = { mti: '0800', fields: { 7: '1122140501', 11: '000001', 70: '001' } };
const sale: Iso8583Message = {
  mti: '0200',
  fields: {
    4: '000000002372',
    7: '1122140502',
    11: '000002',
    32: '48020000',
    37: '532622000002',
    48: 'an operation',
    49: '156',
  },
};

/** Sends these bytes and waits for so many answers. */
function exchange(bytes: Buffer, count: number): Promise<Iso8583Message[]> {
  const reader = new FrameReader();
  const answers: Iso8583Message[] = [];
  return new Promise((resolve) => {
    const onData = (piece: Buffer): void => {
      reader.push(piece, (message) => answers.push(decode(ISO87A, message)));
      if (answers.length < count) return;
      socket.off('data', onData);
      resolve(answers);
    };
    socket.on('data', onData);
    socket.write(bytes);
  });
}

const framed = (...messages: readonly Iso8583Message[]): Buffer =>
  Buffer.concat(messages.map((message) => frame(encode(ISO87A, message))));

function ask(path: string, body?: string): Promise<Response> {
  const address = control.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return fetch(`http://127.0.0.1:${port}${path}`, body === undefined ? {} : { method: 'POST', body });
}

describe('the acquirer simulator', () => {
  it('hears nothing but network management before the sign-on', async () => {
    socket.write(framed(sale));
    await once(socket, 'close');
    expect(payments.count).toBe(0);
  });

  it('repeats the request in its answer, with an authorization code', async () => {
    const [, answer] = await exchange(framed(signOn, sale), 2);
    expect(answer).toEqual({ mti: '0210', fields: { ...sale.fields, 38: '000002', 39: '00' } });
  });

  it.each([
    ['a sale for another acquirer', { ...sale, fields: { ...sale.fields, 32: '48020001' } }, '03'],
    ['a sale without an amount', { ...sale, fields: { ...sale.fields, 4: undefined } }, '30'],
    ['a reversal without DE90', { ...sale, mti: '0420' }, '30'],
    ['a type it does not serve', { ...sale, mti: '0100' }, '40'],
  ])('refuses %s and records nothing', async (_, message, code) => {
    const [, answer] = await exchange(framed(signOn, message), 2);
    expect(answer?.fields[39]).toBe(code);
    expect(payments.count).toBe(0);
  });

  it('passes over what it cannot read and what it did not ask for', async () => {
    const bytes = Buffer.concat([
      framed(signOn),
      frame(Buffer.from('nonsense')),
      framed({ ...sale, mti: '0210' }, sale),
    ]);
    expect((await exchange(bytes, 2)).map(({ mti }) => mti)).toEqual(['0810', '0210']);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain('acquirer_simulator_undecodable_total 1');
    expect(metrics).toContain('acquirer_simulator_unsupported_total 1');
    expect(metrics).toContain('acquirer_simulator_answers_total{kind="sale",response_code="00"} 1');
  });

  it('changes its behaviour over HTTP, refuses what it does not know, and can be reset', async () => {
    await ask('/behaviour', JSON.stringify({ declineRate: 1, declineCode: '51' }));
    const [, answer] = await exchange(framed(signOn, sale), 2);
    expect(answer?.fields).toMatchObject({ 39: '51' });
    const refused = await ask('/behaviour', JSON.stringify({ declineRate: 0, decline: 1 }));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('decline');
    expect(await (await ask('/behaviour')).json()).toMatchObject({ declineRate: 1 });
    await ask('/behaviour/reset', '');
    expect(await (await ask('/behaviour')).json()).toEqual(behaviourSchema.parse({}));
  });

  it('sums its book', async () => {
    await exchange(framed(signOn, sale), 2);
    expect(await (await ask('/book/summary')).json()).toMatchObject({
      payments: 1,
      totals: [{ type: 'sale', status: 'approved', count: 1, amountMinor: '2372' }],
    });
  });

  it('is not ready while it refuses connections', async () => {
    await ask('/behaviour', JSON.stringify({ refuseConnections: true }));
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);
    await ask('/behaviour', JSON.stringify({ refuseConnections: false }));
    expect((await ask('/readyz')).status).toBe(200);
  });
});

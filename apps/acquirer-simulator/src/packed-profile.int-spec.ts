import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ISO87B } from '@fourway/iso8583';
import { AcquirerHost } from './acquirer-host.ts';
import { behaviourSchema } from './behaviour.ts';
import { IsoServer } from './iso-server.ts';
import { Payments } from './payments.ts';

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const framed = (message: string): Buffer =>
  Buffer.from((message.length / 2).toString(16).padStart(4, '0') + message, 'hex');

const echo = '08008220000000000000040000000000000011221405010000010301';
const signOn = echo.replace(/0301$/, '0001');
const echoAnswer = `0810822000000200000004000000000000001122140501000001${ascii('00')}0301`;

const cardToTime = '19622202123456789012800000000000000023721122140502';
const timeToAcquirer = '220502112254110031000848020000';
const reference = ascii('532622000002');
const place = ascii('00000001') + ascii('898310048140001') + ascii('156');
const original = '020000000211221405020004802000000000000000';

/** The packed purchase exchanged with an independent implementation, as published: nothing here comes from our codec. */
const purchase =
  '02007238448108c08000196222021234567890128000000000000000237211221405020000022205021122541100310008480200003533323632323030303030323030303030303031383938333130303438313430303031313536';
const approval = `0210723844810ec08000${cardToTime}000002${timeToAcquirer}${reference}${ascii('000002')}${ascii('00')}${place}`;
const reversal = (mti: string, code: string): string =>
  `${mti}f23844810ac080000000004000000000${cardToTime}000004${timeToAcquirer}${reference}${ascii(code)}${place}${original}`;

let folder = '';
let payments: Payments;
let iso: IsoServer;
let socket: Socket;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-packed-'));
  payments = new Payments(join(folder, 'book.tsv'));
  const host = new AcquirerHost({ acquirerId: '48020000', payments, behaviour: behaviourSchema.parse({}) });
  iso = new IsoServer({ host, payments, port: 0, profile: ISO87B });
  await iso.obey(false);
  socket = connect(iso.port, '127.0.0.1');
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  await iso.stop();
  payments.close();
  rmSync(folder, { recursive: true });
});

/** Sends these bytes and waits until as many have come back. */
function exchange(bytes: Buffer, expected: Buffer): Promise<string> {
  const pieces: Buffer[] = [];
  return new Promise((resolve) => {
    const onData = (piece: Buffer): void => {
      pieces.push(piece);
      const heard = Buffer.concat(pieces);
      if (heard.length < expected.length) return;
      socket.off('data', onData);
      resolve(heard.toString('hex'));
    };
    socket.on('data', onData);
    socket.write(bytes);
  });
}

describe('the acquirer simulator in the packed profile, byte for byte', () => {
  it('answers echo, purchase and repeated reversal as the vectors say', async () => {
    const signedOn = framed(echoAnswer.replace(/0301$/, '0001'));
    const asked = Buffer.concat([signOn, echo, purchase, reversal('0421', '68'), reversal('0421', '68')].map(framed));
    const expected = Buffer.concat([
      signedOn,
      ...[echoAnswer, approval, reversal('0430', '00'), reversal('0430', '00')].map(framed),
    ]);
    expect(await exchange(asked, expected)).toBe(expected.toString('hex'));
    expect(payments.totals).toEqual([
      expect.objectContaining({ type: 'sale', status: 'approved', count: 1 }),
      expect.objectContaining({ type: 'reversal', status: 'reversed', count: 1 }),
    ]);
  });

  it('hears nothing from a switch that speaks text', async () => {
    socket.write(framed(ascii('0800822000000000000004000000000000001122140501000001001')));
    const bytes = framed(signOn);
    const expected = framed(echoAnswer.replace(/0301$/, '0001'));
    expect(await exchange(bytes, expected)).toBe(expected.toString('hex'));
  });
});

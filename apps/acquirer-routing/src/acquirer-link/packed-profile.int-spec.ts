import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ISO87B } from '@fourway/iso8583';
import { uuidV7 } from '@fourway/kernel';
import { acquirerReference } from '@fourway/routing';
import { eventually } from '@fourway/testing';
import { AcquirerLink } from './acquirer-link.ts';
import type { LinkAnswer, ReversalAnswer, SaleRequest } from './link-types.ts';

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const bytes = (...parts: readonly string[]): string => parts.join('').toLowerCase();

const signOnAtMs = Date.UTC(2026, 10, 22, 14, 5, 1);
const soldAtMs = Date.UTC(2026, 10, 22, 14, 5, 2);
const operationId = uuidV7(soldAtMs, new Uint8Array(10));
const { rrn, stan, reversalStan } = acquirerReference(operationId, 1);
const sale: SaleRequest = {
  operationId,
  attemptNo: 1,
  amountMinor: 2_372n,
  currency: 'CNY',
  cardToken: '6222021234567890128',
  merchantId: '898310048140001',
  terminalId: '00000001',
  mcc: '5411',
  claimedAtMs: signOnAtMs,
  localTimeMs: soldAtMs,
};

/** Vector I4's packed echo with other codes, as it stands on the wire. */
const network = (mti: string, code: string): string =>
  bytes(mti, '82200000000000000400000000000000', '1122140501', '000001', code);
const networkAnswer = (code: string): string =>
  bytes('0810', '82200000020000000400000000000000', '1122140501', '000001', ascii('00'), code);

/** Vector I2 with our reference, our acquirer, DE22 032 and DE48; DE2 is filled on its right, DE22 on its left. */
const before37 = (de11: string): string =>
  bytes(
    '19',
    '62220212345678901280',
    '000000',
    '000000002372',
    '1122140502',
    de11,
    '220502',
    '1122',
    '5411',
    '0032',
    '00',
    '08',
    '48030000',
  );
const from41 = bytes(ascii('00000001'), ascii('898310048140001'), '0036', ascii(operationId), ascii('156'));
const saleBytes = bytes('0200', '7238448108C18000', before37(stan), ascii(rrn), from41);
const approvalBytes = bytes(
  '0210',
  '723844810EC18000',
  before37(stan),
  ascii(rrn),
  ascii('123456'),
  ascii('00'),
  from41,
);
const original = bytes('0200', stan, '1122140502', '00048030000', '00000000000');
const reversal = (mti: string, code: string): string =>
  bytes(mti, 'F23844810AC180000000004000000000', before37(reversalStan), ascii(rrn), ascii(code), from41, original);

/** An acquirer that knows nothing of our codec: hex in, hex out. */
class HexHost {
  readonly heard: string[] = [];
  readonly #server: Server;
  readonly #answers: Readonly<Record<string, string>>;
  #socket: Socket | undefined;
  #rest = '';

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('data', (piece) => this.#hear(piece.toString('hex')));
      socket.on('error', () => socket.destroy());
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return parseAddress(this.#server.address()).port;
  }

  say(message: string): void {
    this.#socket?.write(Buffer.from((message.length / 2).toString(16).padStart(4, '0') + message, 'hex'));
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }

  #hear(piece: string): void {
    this.#rest += piece;
    for (;;) {
      const end = 4 + 2 * parseInt(this.#rest.slice(0, 4), 16);
      if (!(this.#rest.length >= end)) return;
      const message = this.#rest.slice(4, end);
      this.#rest = this.#rest.slice(end);
      this.heard.push(message);
      const answer = this.#answers[message];
      if (answer !== undefined) this.say(answer);
    }
  }
}

const parseAddress = (address: ReturnType<Server['address']>): AddressInfo => address as AddressInfo;

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe('a link in the packed profile, byte for byte', () => {
  it('signs on, answers an echo, sells and reverses', async () => {
    const host = new HexHost({
      [network('0800', '0001')]: networkAnswer('0001'),
      [saleBytes]: approvalBytes,
      [reversal('0420', '68')]: reversal('0430', '00'),
    });
    undo.push(() => host.close());
    const answers: LinkAnswer[] = [];
    const reversals: ReversalAnswer[] = [];
    const link = new AcquirerLink({
      ...{ acquirerId: '48030000', host: '127.0.0.1', port: await host.listen(), profile: ISO87B },
      ...{ clock: { nowMs: () => signOnAtMs }, maxInFlight: 10, maxUnsentBytes: 1 << 20 },
      onAnswers: (heard) => void answers.push(...heard),
      onLateAnswers: () => undefined,
      onReversalAnswers: (heard) => void reversals.push(...heard),
      onState: () => undefined,
    });
    undo.push(() => link.stop());
    link.start();
    await eventually(() => expect(link.isSignedOn).toBe(true));
    host.say(network('0800', '0301'));
    await eventually(() => expect(host.heard).toHaveLength(2));
    link.submitSales([sale]);
    await eventually(() => expect(answers).toHaveLength(1));
    link.submitReversals([{ ...sale, repeat: false }]);
    await eventually(() => expect(reversals).toHaveLength(1));
    link.submitReversals([{ ...sale, repeat: true }]);
    await eventually(() => expect(host.heard).toHaveLength(5));
    expect(host.heard).toEqual([
      network('0800', '0001'),
      networkAnswer('0301'),
      saleBytes,
      reversal('0420', '68'),
      reversal('0421', '68'),
    ]);
    expect(answers).toEqual([
      { operationId, attemptNo: 1, kind: 'answered', responseCode: '00', authCode: '123456', rrn, amountMatches: true },
    ]);
    expect(reversals).toEqual([{ operationId, attemptNo: 1, responseCode: '00' }]);
  });
});

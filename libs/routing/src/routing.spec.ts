import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseAcquirer, type AcquirerSnapshot } from './choose-acquirer.ts';
import { decideAuthorization } from './decide-authorization.ts';
import { decideOutcome, type AcquirerAnswer } from './decide-outcome.ts';
import { packProfile, unpackProfile, type MerchantProfile } from './merchant-profile.ts';
import { TokenRanges } from './token-ranges.ts';

const merchant: MerchantProfile = {
  merchantId: '831000058120001',
  isActive: true,
  hasApiKey: true,
  mcc: '5812',
  scenario: 'catering',
  currency: 'CNY',
  acquirers: [
    { acquirerId: '48020000', feeContractId: 12, weight: 70 },
    { acquirerId: '48030000', feeContractId: 13, weight: 30 },
  ],
};
const up: AcquirerSnapshot = new Map(
  ['48020000', '48030000'].map((acquirerId) => [acquirerId, { acquirerId, ineligible: null }]),
);
const ids = fc.uuid({ version: 7 });

describe('chooseAcquirer', () => {
  it('decides the same operation the same way again', () => {
    fc.assert(
      fc.property(ids, (id) => expect(chooseAcquirer(id, merchant, up)).toEqual(chooseAcquirer(id, merchant, up))),
    );
  });

  it('gives each eligible acquirer about its share', () => {
    const sample = fc.sample(ids, { numRuns: 20_000, seed: 7 });
    const first = sample.filter((id) => {
      const decision = chooseAcquirer(id, merchant, up);
      return decision.kind === 'route' && decision.choice.acquirerId === '48020000';
    }).length;
    expect(first / sample.length).toBeGreaterThan(0.68);
    expect(first / sample.length).toBeLessThan(0.72);
  });

  it('passes over an acquirer that is not eligible and says why', () => {
    const oneOpen: AcquirerSnapshot = new Map([
      ...up,
      ['48020000', { acquirerId: '48020000', ineligible: 'breaker_open' }],
    ]);
    fc.assert(
      fc.property(ids, (id) => {
        expect(chooseAcquirer(id, merchant, oneOpen)).toEqual({
          kind: 'route',
          choice: merchant.acquirers[1],
          passedOver: ['48020000:breaker_open'],
        });
      }),
    );
  });

  it('finds no route where no acquirer is eligible', () => {
    expect(chooseAcquirer('x', merchant, new Map())).toEqual({
      kind: 'no_route',
      passedOver: ['48020000:unknown_acquirer', '48030000:unknown_acquirer'],
    });
  });
});

describe('decideAuthorization', () => {
  const facts = {
    operationId: 'x',
    merchant,
    risk: { verdict: 'accept', reasons: [] },
    expiresAtMs: 100,
    nowMs: 100,
    acquirers: up,
  } as const;

  it.each([
    ['calls an acquirer', {}, 'call'],
    [
      'expires one millisecond past its time, whatever risk says',
      { nowMs: 101, risk: { verdict: 'decline', reasons: [] } },
      'expire',
    ],
    ['declines what risk declines', { risk: { verdict: 'decline', reasons: ['deny_list'] } }, 'risk_declined'],
    [
      'says where a limit could not be checked',
      { risk: { verdict: 'decline', reasons: ['limit_unavailable'] } },
      'limit_unavailable',
    ],
    ['declines a suspended merchant', { merchant: { ...merchant, isActive: false } }, 'merchant_suspended'],
    ['declines without a route', { acquirers: new Map() }, 'no_route'],
  ] as const)('%s', (_, change, expected) => {
    const decision = decideAuthorization({ ...facts, ...change });
    expect(decision.kind === 'decline' ? decision.responseCode : decision.kind).toBe(expected);
  });
});

describe('decideOutcome', () => {
  const answers: fc.Arbitrary<AcquirerAnswer> = fc.oneof(
    fc.constant({ kind: 'no_answer' as const }),
    fc.record({
      kind: fc.constant('answered' as const),
      codeClass: fc.constantFrom('approved' as const, 'declined' as const, 'unknown' as const),
      responseCode: fc.constantFrom('00', '51', '68'),
      authCode: fc.constantFrom('', '123456'),
      rrn: fc.constant('7K3Q0ZV5W1XA'),
      amountMatches: fc.boolean(),
    }),
  );

  it('approves only a timely approval of the right amount, and reverses whatever may have moved money otherwise', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), (answer, isLate) => {
        const outcome = decideOutcome(answer, isLate);
        const approved = answer.kind === 'answered' && answer.codeClass === 'approved';
        expect(outcome.status === 'approved').toBe(approved && answer.amountMatches && !isLate);
        expect(outcome.needsReversal).toBe(outcome.status === 'reversed');
        if (approved) expect(outcome.status).not.toBe('declined');
        if (answer.kind === 'no_answer')
          expect(outcome).toMatchObject({ status: 'reversed', responseCode: 'no_answer' });
      }),
    );
  });
});

describe('packProfile', () => {
  it('loses nothing', () => {
    expect(unpackProfile(merchant.merchantId, packProfile(merchant))).toEqual(merchant);
    const bare = { ...merchant, isActive: false, hasApiKey: false, acquirers: [] };
    expect(unpackProfile(merchant.merchantId, packProfile(bare))).toEqual(bare);
  });

  it.each(['', '5812|catering|CNY|x|', '5812|catering|CNY|a|48020000:many:70', '5812|catering'])(
    'reads %j as no profile',
    (packed) => {
      expect(unpackProfile('1', packed)).toBeNull();
    },
  );
});

describe('TokenRanges', () => {
  const ranges = new TokenRanges([
    { first: '6299001100000000', last: '6299001199999999', issuerId: '01020000', cardType: 'debit' },
    { first: '6299000200000000', last: '6299000299999999', issuerId: '01030000', cardType: 'credit' },
  ]);

  it.each([
    ['6299001100000000', '01020000'],
    ['6299001199999999', '01020000'],
    ['6299000250000000', '01030000'],
    ['6299001200000000', undefined],
    ['6222021234567890128', undefined],
    ['62990011000000001', undefined],
    ['', undefined],
  ])('finds the issuer of %s', (token, issuerId) => expect(ranges.find(token)?.issuerId).toBe(issuerId));
});

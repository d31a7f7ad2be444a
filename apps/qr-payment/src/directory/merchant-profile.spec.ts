import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packProfile, unpackProfile, type MerchantProfile } from './merchant-profile.ts';

const profiles: fc.Arbitrary<MerchantProfile> = fc.record({
  merchantId: fc.constant('812345678900001'),
  status: fc.constantFrom('active', 'suspended', 'closed'),
  apiKeyVersion: fc.nat(),
  currency: fc.constant('CNY'),
  mcc: fc.stringMatching(/^\d{4}$/),
  region: fc.stringMatching(/^\d{6}$/),
  name: fc.string({ unit: 'binary' }),
});

it('a packed profile is read back, whatever the name holds', () => {
  fc.assert(
    fc.property(profiles, fc.bigInt({ min: 0n }), (profile, version) =>
      expect(unpackProfile(profile.merchantId, packProfile(profile, version))).toEqual(profile),
    ),
  );
});

it.each(['', '1', '1|9|1|CNY|5812|110105|x', '1|0|1|CNY|5812'])('%j is no profile', (packed) =>
  expect(unpackProfile('812345678900001', packed)).toBeNull(),
);

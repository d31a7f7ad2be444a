import { assert } from '@fourway/kernel';
import { shareByParts } from './share-by-parts.ts';
import type { FeeSplit } from './split-fees.ts';

/** An amount and the fees that go with it, minor units. */
export interface GrossAndFees {
  readonly grossMinor: bigint;
  readonly fees: FeeSplit;
}

export const noFees: FeeSplit = {
  mdrMinor: 0n,
  issuerFeeMinor: 0n,
  networkFeeIssuerMinor: 0n,
  networkFeeAcquirerMinor: 0n,
  acquirerMarginMinor: 0n,
  providerShareMinor: 0n,
  agentShareMinor: 0n,
};

const names = Object.keys(noFees) as (keyof FeeSplit)[];

/** The sum, fee by fee. */
export const sumOf = (a: GrossAndFees, b: GrossAndFees): GrossAndFees => ({
  grossMinor: a.grossMinor + b.grossMinor,
  fees: byFee((name) => a.fees[name] + b.fees[name]),
});

/** The same amount the other way round: what undoes it. */
export const negated = ({ grossMinor, fees }: GrossAndFees): GrossAndFees => ({
  grossMinor: -grossMinor,
  fees: byFee((name) => -fees[name]),
});

/**
 * What a refund posts: the gross, and of every fee as much as its part of the captured gross, all negative. The parts are of the sum of the
 * refunds so far, so that refunds in any number of parts return exactly what was charged once all is refunded. A share may then move a
 * minor unit against the others in between.
 * @param captured what stands of sale or captures
 * @param returned what refunds posted so far: 0n or negative
 * @param refundMinor 1n up to what is left of the captured gross
 */
export function feesReturned(captured: GrossAndFees, returned: GrossAndFees, refundMinor: bigint): GrossAndFees {
  const refundedMinor = refundMinor - returned.grossMinor;
  assert(
    refundMinor > 0n && refundedMinor <= captured.grossMinor,
    'a refund is at most what is left of what was captured',
  );
  const target = negated({ grossMinor: refundedMinor, fees: partOf(captured, refundedMinor) });
  return sumOf(target, negated(returned));
}

/** The fees of a part of the gross, each half up, the margin what the others leave, its shares in the proportion they were made in. */
function partOf({ grossMinor, fees }: GrossAndFees, partMinor: bigint): FeeSplit {
  const part = (feeMinor: bigint): bigint => (2n * feeMinor * partMinor + grossMinor) / (2n * grossMinor);
  const mdrMinor = part(fees.mdrMinor);
  const issuerFeeMinor = part(fees.issuerFeeMinor);
  const networkFeeAcquirerMinor = part(fees.networkFeeAcquirerMinor);
  const marginMinor = mdrMinor - issuerFeeMinor - networkFeeAcquirerMinor;
  const [acquirerMarginMinor = 0n, providerShareMinor = 0n, agentShareMinor = 0n] = sharesOf(marginMinor, fees);
  return {
    ...{ mdrMinor, issuerFeeMinor, networkFeeAcquirerMinor, networkFeeIssuerMinor: part(fees.networkFeeIssuerMinor) },
    ...{ acquirerMarginMinor, providerShareMinor, agentShareMinor },
  };
}

function sharesOf(marginMinor: bigint, fees: FeeSplit): bigint[] {
  const { acquirerMarginMinor, providerShareMinor, agentShareMinor } = fees;
  const othersMinor = providerShareMinor + agentShareMinor;
  // A margin that the discount did not cover is the acquirer's alone, as when it was charged; so is what remains of one beside others' shares.
  if (marginMinor < 0n || acquirerMarginMinor < 0n) {
    const left = marginMinor - othersMinor;
    return marginMinor === acquirerMarginMinor + othersMinor
      ? [left, providerShareMinor, agentShareMinor]
      : [marginMinor, 0n, 0n];
  }
  return shareByParts(marginMinor, [acquirerMarginMinor, providerShareMinor, agentShareMinor]);
}

const byFee = (value: (name: keyof FeeSplit) => bigint): FeeSplit =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<keyof FeeSplit, bigint>;

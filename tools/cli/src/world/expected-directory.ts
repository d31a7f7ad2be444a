import type { Database } from '@fourway/platform-postgres';
import type { World } from '@fourway/world';
import { projectedOf, type Projected } from './projections.ts';

/** What every projection has to hold. */
export type ExpectedDirectory = Readonly<Record<'merchant' | 'issuer' | 'fee_contract', Projected>> & {
  readonly fromVersion: bigint;
};

/** Of a directory that partner-platform owns. */
export async function expectedOfPartner(database: Database): Promise<ExpectedDirectory> {
  const of = async (type: string): Promise<Projected> => {
    const text = 'select count(*), coalesce(sum(version), 0) from partner.entity where type = $1';
    return projectedOf((await database.query({ name: 'expected-entities', text, values: [type] }))[0] ?? []);
  };
  return {
    ...{ merchant: await of('merchant'), issuer: await of('issuer'), fee_contract: await of('fee_contract') },
    fromVersion: 1n,
  };
}

/** Of a world that was produced to the topic, all in one version. */
export const expectedOfWorld = (world: World, version: bigint): ExpectedDirectory => ({
  merchant: { count: world.merchantCount, versions: 0n },
  issuer: { count: world.issuers.length, versions: 0n },
  fee_contract: { count: [...world.feeContracts()].length, versions: 0n },
  fromVersion: version,
});

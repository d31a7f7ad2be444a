import { randomInt } from 'node:crypto';

/** Entities of one test's own, which name each other; ids are drawn so that tests share a topic. */
export function sampleDirectory(): {
  readonly acquirerId: string;
  readonly provider: { providerId: string; name: string; type: string };
  readonly other: { providerId: string; name: string; type: string };
  readonly feeContract: ReturnType<typeof feeContractOf>;
  merchant(number?: number, changes?: object): ReturnType<typeof merchantOf>;
  /** Lines of an import that everything else stands on. */
  readonly ground: readonly object[];
} {
  const draw = String(randomInt(1_000_000, 9_999_999));
  const acquirerId = `4${draw}`;
  const provider = { providerId: `SP${draw}`, name: '聚合通科技', type: 'aggregator' };
  const other = { providerId: `SQ${draw}`, name: '地推服务', type: 'ground_promotion' };
  const feeContract = feeContractOf(Number(draw), acquirerId, provider.providerId);
  return {
    ...{ acquirerId, provider, other, feeContract },
    merchant: (number = 1, changes = {}) => ({
      ...merchantOf(`8${draw}${String(number).padStart(7, '0')}`, {
        acquirerId,
        feeContractId: feeContract.feeContractId,
        providerId: provider.providerId,
      }),
      ...changes,
    }),
    ground: [
      { type: 'acquirer', acquirer: { acquirerId, name: '华东银商收单' } },
      { type: 'provider', provider },
      { type: 'provider', provider: other },
      { type: 'fee_contract', feeContract },
    ],
  };
}

const feeContractOf = (feeContractId: number, acquirerId: string, providerId: string) => ({
  ...{ feeContractId, acquirerId, providerId, agentId: '' },
  ...{ mdrPpm: 6_000, issuerDebitPpm: 3_500, issuerCreditPpm: 4_500, issuerDebitCapMinor: 1_300 },
  ...{ networkPpm: 325, networkCapMinor: 325, acquirerParts: 40, providerParts: 60, agentParts: 0 },
});

const merchantOf = (merchantId: string, names: { acquirerId: string; feeContractId: number; providerId: string }) => ({
  ...{ merchantId, name: '广州老王面馆', mcc: '5812', scenario: 'catering', currency: 'CNY', region: '440100' },
  acquirerContracts: [{ acquirerId: names.acquirerId, feeContractId: names.feeContractId, weight: 1_000 }],
  providerId: names.providerId,
});

import type { DirectoryEntity, Issuer, Merchant } from '@fourway/contracts';

/** The entity with every field its own: a decoded message keeps default values in its prototype, where spreading does not find them. */
export function plainEntity(entity: DirectoryEntity): DirectoryEntity {
  switch (entity.type) {
    case 'merchant':
      return { ...entity, merchant: plainMerchant(entity.merchant) };
    case 'provider': {
      const { providerId, name, type } = entity.provider;
      return { ...entity, provider: { providerId, name, type } };
    }
    case 'acquirer': {
      const { acquirerId, name } = entity.acquirer;
      return { ...entity, acquirer: { acquirerId, name } };
    }
    case 'issuer':
      return { ...entity, issuer: plainIssuer(entity.issuer) };
    case 'store': {
      const { storeId, merchantId, name, region } = entity.store;
      return { ...entity, store: { storeId, merchantId, name, region } };
    }
    case 'terminal': {
      const { terminalId, merchantId, storeId } = entity.terminal;
      return { ...entity, terminal: { terminalId, merchantId, storeId } };
    }
    case 'plate': {
      const { plateId, merchantId, storeId, terminalId } = entity.plate;
      return { ...entity, plate: { plateId, merchantId, storeId, terminalId } };
    }
    case 'fee_contract':
      return entity;
  }
}

function plainMerchant(message: Merchant): Merchant {
  const { merchantId, name, mcc, scenario, currency, region, providerId, apiKeyVersion } = message;
  const acquirerContracts = message.acquirerContracts.map(({ acquirerId, feeContractId, weight }) => ({
    acquirerId,
    feeContractId,
    weight,
  }));
  return { merchantId, name, mcc, scenario, currency, region, acquirerContracts, providerId, apiKeyVersion };
}

function plainIssuer({ issuerId, name, bins, tokenRanges }: Issuer): Issuer {
  return {
    issuerId,
    name,
    bins: [...bins],
    tokenRanges: tokenRanges.map(({ first, last, cardType }) => ({ first, last, cardType })),
  };
}

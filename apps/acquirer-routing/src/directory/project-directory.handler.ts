import { decodeDirectoryChange, type DirectoryChange } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import type { StreamBatch } from '@fourway/platform-stream';
import { packProfile } from '@fourway/routing';
import type { DirectoryRepository, IssuerRow, MerchantRow } from './directory.repository.ts';
import type { MerchantDirectory } from './merchant-directory.ts';

/** Keeps this service's projection of the directory, and the hot copy of it, a batch at a time. */
export class ProjectDirectoryHandler {
  readonly #repository: DirectoryRepository;
  readonly #directory: MerchantDirectory;

  constructor(repository: DirectoryRepository, directory: MerchantDirectory) {
    this.#repository = repository;
    this.#directory = directory;
  }

  async handle(batch: StreamBatch): Promise<void> {
    const newest = newestByEntity(decodeBatch(batch));
    const merchants = newest.flatMap(merchantRowOf);
    const issuers = newest.flatMap(issuerRowOf);
    await this.#repository.saveMerchants(merchants);
    await this.#repository.saveIssuers(issuers);
    // Re-read rather than written from the event: the projection may hold something newer.
    if (merchants.length > 0) {
      await this.#directory.putHot([
        ...(await this.#repository.profilesOf(merchants.map(({ merchantId }) => merchantId))),
      ]);
    }
    if (issuers.length > 0) await this.#directory.refreshTokenRanges();
  }
}

function decodeBatch(batch: StreamBatch): DirectoryChange[] {
  return batch.records.flatMap((record) => {
    if (record.value === null) return [];
    try {
      return decodeDirectoryChange(record.value) ?? [];
    } catch (error) {
      batch.deadLetter(record, {
        code: error instanceof SwitchError ? error.code : 'undecodable',
        detail: String(error),
      });
      return [];
    }
  });
}

/** One statement may touch a row once, so only the newest change of each entity counts. */
function newestByEntity(changes: readonly DirectoryChange[]): DirectoryChange[] {
  const newest = new Map<string, DirectoryChange>();
  for (const change of changes) {
    const key = `${change.entity.type}/${change.entity.id}`;
    const known = newest.get(key);
    if (known === undefined || known.version < change.version) newest.set(key, change);
  }
  return [...newest.values()];
}

function merchantRowOf({ version, status, entity }: DirectoryChange): MerchantRow[] {
  if (entity.type !== 'merchant') return [];
  const { merchantId, mcc, scenario, currency, acquirerContracts, apiKeyVersion } = entity.merchant;
  const profile = packProfile({
    merchantId,
    isActive: status === 'active',
    mcc,
    scenario,
    currency,
    hasApiKey: apiKeyVersion > 0,
    acquirers: acquirerContracts,
  });
  return [{ merchantId, version, profile }];
}

function issuerRowOf({ version, status, entity }: DirectoryChange): IssuerRow[] {
  if (entity.type !== 'issuer') return [];
  const ranges = status === 'active' ? entity.issuer.tokenRanges : [];
  return [
    {
      issuerId: entity.id,
      version,
      ranges: ranges.map(({ first, last, cardType }) => ({
        first,
        last,
        cardType: cardType === 'debit' ? ('debit' as const) : ('credit' as const),
      })),
    },
  ];
}

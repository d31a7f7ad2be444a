import { decodeDirectoryChange, type DirectoryChange } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import type { DeadLetterReason, StreamBatch, StreamRecord } from '@fourway/platform-stream';
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
    const { merchants, issuers } = rowsOfRecords(batch.records, (record, reason) => batch.deadLetter(record, reason));
    await this.#repository.saveMerchants(merchants);
    await this.#repository.saveIssuers(issuers);
    // Re-read rather than written from the event: the projection may hold something newer.
    if (merchants.length > 0)
      await this.#directory.putHot(await this.#repository.merchantsOf(merchants.map(({ merchantId }) => merchantId)));
    if (issuers.length > 0) await this.#directory.refreshTokenRanges();
  }
}

/** What of some records routing keeps; what it has no use for, and what it does not know, is passed over. */
export function rowsOfRecords<T extends Pick<StreamRecord, 'value'>>(
  records: readonly T[],
  setAside: (record: T, reason: DeadLetterReason) => void,
): { readonly merchants: readonly MerchantRow[]; readonly issuers: readonly IssuerRow[] } {
  const newest = newestByEntity(records.flatMap((record) => changeOf(record, (reason) => setAside(record, reason))));
  return { merchants: newest.flatMap(merchantRowOf), issuers: newest.flatMap(issuerRowOf) };
}

function changeOf({ value }: Pick<StreamRecord, 'value'>, fail: (reason: DeadLetterReason) => void): DirectoryChange[] {
  if (value === null) return [];
  try {
    const change = decodeDirectoryChange(value);
    return change === null ? [] : [change];
  } catch (error) {
    fail({ code: error instanceof SwitchError ? error.code : 'undecodable', detail: String(error) });
    return [];
  }
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

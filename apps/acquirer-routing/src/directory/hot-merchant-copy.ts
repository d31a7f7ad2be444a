import { systemClock } from '@fourway/kernel';
import type { HotData } from '@fourway/platform-hot-data';
import type { ServiceContext } from '@fourway/platform-http';
import type { DirectoryRepository, MerchantRow } from './directory.repository.ts';
import { HotMerchants } from './hot-merchants.ts';
import { RebuildHotCopy } from './rebuild-hot-copy.ts';

/** Small enough that payments of the same process do not feel a page. */
const merchantsAPage = 2_000;

/** Keeps this service's hot copy of merchants complete; an operator sees how long the last rebuild took. */
export function hotMerchantCopy(
  hotData: HotData,
  repository: DirectoryRepository,
  { metrics, logger, closing }: Pick<ServiceContext, 'metrics' | 'logger' | 'closing'>,
): RebuildHotCopy<MerchantRow> {
  const hot = new HotMerchants(hotData);
  const seconds = metrics.gauge({
    name: 'switch_hot_data_rebuild_seconds',
    help: 'How long the last rebuild of a hot copy took, by the replica that did it',
    labels: ['copy'],
  });
  return new RebuildHotCopy({
    ...{ copy: 'routing', hotData, logger, closing, clock: systemClock },
    pages: () => repository.merchantPages(merchantsAPage),
    put: (rows) => hot.put(rows),
    onRebuilt: (rebuilt) => seconds.set({ copy: 'routing' }, rebuilt.seconds),
  });
}

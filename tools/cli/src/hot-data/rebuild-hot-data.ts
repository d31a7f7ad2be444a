import { sleep, SwitchError } from '@fourway/kernel';
import { HotData, type KeyScript } from '@fourway/platform-hot-data';
import { Database } from '@fourway/platform-postgres';
import type { StackDescription } from '@fourway/stack';
import { hotCopies, type HotCopy } from './hot-copies.ts';

export interface RebuildHotDataOptions {
  readonly stack: Pick<StackDescription, 'postgres' | 'redis' | 'services'>;
  readonly onProgress?: (copy: HotCopy, progress: { readonly copied: number; readonly total: number }) => void;
}

export interface RebuiltHotData {
  readonly service: string;
  readonly what: string;
  /** Null where the service does not count them. */
  readonly entries: number | null;
  /** By the service's own clock; where it keeps none, how long this command waited. */
  readonly seconds: number;
}

const pollMs = 100;
const readyWithinMs = 10_000;
const stalledMs = 60_000;

/**
 * Has the services copy their hot data again, and waits for all of them.
 * @throws SwitchError `engine_unavailable` without Redis, `stalled` when a minute passes without progress
 */
export async function rebuildHotData({ stack, onProgress }: RebuildHotDataOptions): Promise<RebuiltHotData[]> {
  const hotData = new HotData({
    url: stack.redis,
    clientName: 'fourway-hot-data',
    commandTimeoutMs: 2_000,
    onError: () => undefined,
  });
  const database = new Database({
    url: stack.postgres,
    applicationName: 'fourway-hot-data',
    maxConnections: 1,
    statementTimeoutMs: 60_000,
  });
  const copies = hotCopies.filter(({ service }) => (stack.services[service]?.pids.length ?? 0) > 0);
  try {
    hotData.connect();
    await ready(hotData);
    const startedMs = performance.now();
    for (const { isRemovable, markers } of copies) if (isRemovable) await remove(hotData, markers);
    const rebuilt: RebuiltHotData[] = [];
    for (const copy of copies) {
      const total =
        copy.total === undefined
          ? 0
          : Number((await database.query({ name: '', text: copy.total, values: [] }))[0]?.[0]);
      rebuilt.push(
        await complete(hotData, copy, { startedMs, onCopied: (copied) => onProgress?.(copy, { copied, total }) }),
      );
    }
    return rebuilt;
  } finally {
    await hotData.close();
    await database.close();
  }
}

async function ready(hotData: HotData): Promise<void> {
  const untilMs = performance.now() + readyWithinMs;
  while (!hotData.isReady) {
    if (performance.now() > untilMs) throw new SwitchError('engine_unavailable', 'Redis does not answer');
    await sleep(pollMs);
  }
}

interface Waiting {
  readonly startedMs: number;
  readonly onCopied: (entries: number) => void;
}

async function complete(hotData: HotData, copy: HotCopy, { startedMs, onCopied }: Waiting): Promise<RebuiltHotData> {
  const { service, what, markers, progressKey } = copy;
  let seen = '';
  let progressMs = performance.now();
  for (;;) {
    const [copied, ...values] = await hotData.getMany([progressKey ?? '', ...markers]);
    if (values.every((value) => value !== null)) {
      const seconds = (performance.now() - startedMs) / 1_000;
      const own = reportOf(values[0] ?? '');
      if (own.entries !== null) onCopied(own.entries);
      return { service, what, entries: own.entries, seconds: own.seconds ?? seconds };
    }
    onCopied(Number(copied ?? 0));
    const state = [copied, ...values].join();
    if (state !== seen) progressMs = performance.now();
    seen = state;
    if (performance.now() - progressMs > stalledMs)
      throw new SwitchError('stalled', `${service} does not bring its ${what} back; look at its log`);
    await sleep(pollMs);
  }
}

/** A marker that says it: `<run of the server> <entries> <seconds>`. */
function reportOf(marker: string): { entries: number | null; seconds: number | null } {
  const [, entries, seconds] = marker.split(' ');
  return entries === undefined || seconds === undefined
    ? { entries: null, seconds: null }
    : { entries: Number(entries), seconds: Number(seconds) };
}

const remove = (hotData: HotData, keys: readonly string[]): Promise<unknown> =>
  hotData.runOnKeys(
    removeKey,
    keys.map((key) => [key] as const),
  );

const removeKey: KeyScript = { name: 'fourwayRemoveMarker', lua: `return redis.call('DEL', KEYS[1])` };

import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { CountingPlace } from './card-counters.ts';
import { allTags, markerKey } from './velocity-keys.ts';

/**
 * Which windows are complete. Each tag has a marker in Redis beside its counters: six digits of the server's run, then the epoch that
 * the counters belong to. A marker that is gone means lost windows; one of an earlier run of the server means windows that may have
 * lost their newest writes.
 */
export class VelocityEpochs {
  readonly #hotData: HotData;
  #serverId: string | null = null;
  #places = new Map<number, CountingPlace>();
  #markers = new Map<number, string>();

  constructor(hotData: HotData) {
    this.#hotData = hotData;
  }

  /** Where payments of a tag are counted, null where its windows are not known to be complete. */
  placeOf(tag: number): CountingPlace | null {
    return this.#hotData.serverId === this.#serverId ? (this.#places.get(tag) ?? null) : null;
  }

  get lostTags(): readonly number[] {
    return allTags.filter((tag) => this.placeOf(tag) === null);
  }

  forget(tag: number): void {
    this.#places.delete(tag);
  }

  /** Reads the markers. Rejects when Redis is away. */
  async refresh(): Promise<void> {
    const serverId = this.#hotData.serverId;
    const markers = await this.#hotData.runScript(
      readMarker,
      allTags.map((tag) => ({ keys: [markerKey(tag)], args: [] })),
    );
    this.#markers = new Map(allTags.flatMap((tag, at) => entryOf(tag, markers[at])));
    const current = [...this.#markers].filter(([, value]) => serverId !== null && value.startsWith(runOf(serverId)));
    this.#places = new Map(
      current.map(([tag, value]) => [tag, { epoch: epochOf(value), marker: markerKey(tag), value }]),
    );
    this.#serverId = serverId;
  }

  /** Epochs of lost tags whose counters survived another run of the server, as `refresh` saw them. */
  get survivors(): ReadonlyMap<number, string> {
    return new Map(
      this.lostTags.flatMap((tag) => {
        const value = this.#markers.get(tag);
        return value === undefined ? [] : [[tag, epochOf(value)]];
      }),
    );
  }

  /** What the marker holds while an epoch is the current one. @param epoch hexadecimal; the first 6 digits count */
  static markerFor(serverId: string, epoch: string): string {
    return runOf(serverId) + epoch.slice(0, 6);
  }

  /** Gives tags new markers where they are still as `refresh` saw them: another replica may have been first. */
  async switchTo(markers: ReadonlyMap<number, string>): Promise<void> {
    const calls = [...markers].map(([tag, value]) => ({
      keys: [markerKey(tag)],
      args: [this.#markers.get(tag) ?? '', value],
    }));
    await this.#hotData.runScript(replaceMarker, calls);
    await this.refresh();
  }
}

const runDigits = 6;
const runOf = (serverId: string): string => serverId.slice(0, runDigits);
const epochOf = (marker: string): string => marker.slice(runDigits);
const entryOf = (tag: number, marker: unknown): [number, string][] =>
  typeof marker === 'string' ? [[tag, marker]] : [];

const readMarker: KeyScript = { name: 'fourwayReadMarker', lua: `return redis.call('GET', KEYS[1])` };

const replaceMarker: KeyScript = {
  name: 'fourwayReplaceMarker',
  lua: `if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end return 1`,
};

import type { HotData, KeyScript } from '@fourway/platform-hot-data';
import type { CountingPlace } from './card-counters.ts';
import { allTags, markerKey } from './velocity-keys.ts';

/**
 * Which windows are complete. Each tag has a marker in Redis beside its counters that names the epoch they belong to; a marker
 * that is gone means lost windows, and so does one of an earlier run of the server, whose newest writes may not have survived it.
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
    const current = [...this.#markers].filter(([, epoch]) => serverId !== null && epoch.startsWith(prefixOf(serverId)));
    this.#places = new Map(current.map(([tag, epoch]) => [tag, { epoch, marker: markerKey(tag) }]));
    this.#serverId = serverId;
  }

  /** A name that no other epoch has. @param random hexadecimal, at least 6 digits */
  static nameFor(serverId: string, random: string): string {
    return prefixOf(serverId) + random.slice(0, 6);
  }

  /** Makes an epoch the current one of tags whose marker is still as `refresh` saw it: another replica may have been first. */
  async switchTo(epoch: string, tags: readonly number[]): Promise<void> {
    const calls = tags.map((tag) => ({ keys: [markerKey(tag)], args: [this.#markers.get(tag) ?? '', epoch] }));
    await this.#hotData.runScript(replaceMarker, calls);
    await this.refresh();
  }
}

const prefixOf = (serverId: string): string => serverId.slice(0, 6);
const entryOf = (tag: number, marker: unknown): [number, string][] =>
  typeof marker === 'string' ? [[tag, marker]] : [];

const readMarker: KeyScript = { name: 'fourwayReadMarker', lua: `return redis.call('GET', KEYS[1])` };

const replaceMarker: KeyScript = {
  name: 'fourwayReplaceMarker',
  lua: `if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end return 1`,
};

import { unit } from './random.ts';
import { network, scenarios, type ScenarioName } from './scenarios.ts';

const stream = 8;

/** Merchants after which the pattern of scenarios repeats. */
const blockSize = 2_500;

/** Every world begins with the metros, whose payments are most, and one merchant of each other scenario: also the smallest has all. */
const head: readonly ScenarioName[] = [
  ...Array.from({ length: network.metros }, () => 'transit' as const),
  ...scenarios.map(({ name }) => name).filter((name) => name !== 'transit'),
];

/** How many merchants every world begins with that have a place of their own. */
export const headSize = head.length;

/**
 * Which merchant is of which scenario. A pattern that repeats instead of a draw for each: so the merchants of one scenario are
 * counted and found by arithmetic, in a world of any size, and an index keeps its scenario when the world grows.
 */
export class ScenarioLayout {
  readonly #pattern: readonly ScenarioName[];
  /** By scenario, its places in the head, then its places in a block. */
  readonly #inHead = placesOf(head);
  readonly #inBlock: ReadonlyMap<ScenarioName, readonly number[]>;

  constructor(seed: number) {
    this.#pattern = makePattern(seed);
    this.#inBlock = placesOf(this.#pattern);
  }

  /** The scenario of the merchant at `index`. */
  at(index: number): ScenarioName {
    const name = index < headSize ? head[index] : this.#pattern[(index - headSize) % blockSize];
    if (name === undefined) throw new RangeError(`no merchant has the index ${index}`);
    return name;
  }

  /** How many of the first `merchants` merchants are of the scenario. */
  count(name: ScenarioName, merchants: number): number {
    const inHead = places(this.#inHead, name).filter((place) => place < merchants).length;
    const inBlock = places(this.#inBlock, name);
    const rest = Math.max(0, merchants - headSize);
    const partial = rest % blockSize;
    return inHead + Math.floor(rest / blockSize) * inBlock.length + inBlock.filter((place) => place < partial).length;
  }

  /** The index of the scenario's merchant no. `rank`, from 0. */
  indexOf(name: ScenarioName, rank: number): number {
    const inHead = places(this.#inHead, name);
    const first = inHead[rank];
    if (first !== undefined) return first;
    const inBlock = places(this.#inBlock, name);
    const behindHead = rank - inHead.length;
    const place = inBlock[behindHead % inBlock.length] ?? 0;
    return headSize + Math.floor(behindHead / inBlock.length) * blockSize + place;
  }
}

/** Each scenario's merchants spread evenly over the block, with some jitter, so that every stretch of it is a fair sample. */
function makePattern(seed: number): readonly ScenarioName[] {
  const places = [...blockCounts()].flatMap(([name, count], row) =>
    Array.from({ length: count }, (_, i) => ({ name, key: (i + unit(seed, stream, row * blockSize + i)) / count })),
  );
  return places.sort((a, b) => a.key - b.key).map(({ name }) => name);
}

/** The block shared out by the method of largest remainders. */
export function blockCounts(): ReadonlyMap<ScenarioName, number> {
  const total = scenarios.reduce((sum, { merchants }) => sum + merchants, 0);
  const exact = scenarios.map(({ name, merchants }) => ({ name, share: (merchants * blockSize) / total }));
  const counts = new Map(exact.map(({ name, share }) => [name, Math.floor(share)]));
  const missing = blockSize - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const byRemainder = exact.sort((a, b) => (b.share % 1) - (a.share % 1));
  for (const { name } of byRemainder.slice(0, missing)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function placesOf(names: readonly ScenarioName[]): ReadonlyMap<ScenarioName, readonly number[]> {
  const placed = names.map((name, place) => ({ name, place }));
  return new Map(
    [...Map.groupBy(placed, ({ name }) => name)].map(([name, of]) => [name, of.map(({ place }) => place)]),
  );
}

const places = (of: ReadonlyMap<ScenarioName, readonly number[]>, name: ScenarioName): readonly number[] =>
  of.get(name) ?? [];

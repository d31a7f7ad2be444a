export interface LabelRoom {
  /** Least distance between two. */
  readonly gap: number;
  readonly least: number;
  readonly most: number;
}

/** Moves labels apart that would lie on each other, keeping their order, each as near to its wanted place as there is room. */
export function spreadLabels(wanted: readonly number[], { gap, least, most }: LabelRoom): number[] {
  const order = wanted.map((at, i) => ({ at, i })).toSorted((a, b) => a.at - b.at || a.i - b.i);
  const placed: number[] = [];
  for (const { at } of order) placed.push(Math.max(at, least, (placed.at(-1) ?? -Infinity) + gap));
  for (let i = placed.length - 1, limit = most; i >= 0; i -= 1, limit = (placed[i + 1] ?? most) - gap)
    placed[i] = Math.min(placed[i] ?? most, limit);
  const result = wanted.map(() => 0);
  order.forEach(({ i }, place) => (result[i] = placed[place] ?? 0));
  return result;
}

/** Requests a second of each name that has a quota; a name that is not in it is not limited. */
export type Quotas = ReadonlyMap<string, number>;

const most = { names: 200, perSecond: 1_000_000 } as const;

/**
 * Reads quotas from the text of a setting: a JSON object of names and whole numbers a second, for example `{"city-pay":500}`.
 * Bounded in names, because each is a label of a metric.
 * @throws Error naming the entry, its rule and what to do; for the operator who wrote it
 */
export function parseQuotas(text: string, name: { readonly rule: string; readonly pattern: RegExp }): Quotas {
  const entries = Object.entries(parseObject(text));
  if (entries.length > most.names) throw new Error(`${entries.length} names; at most ${most.names} may have a quota`);
  return new Map(
    entries.map(([key, perSecond]) => {
      if (!name.pattern.test(key)) throw new Error(`"${key}" is no name: must be ${name.rule}`);
      return [key, parseRate(key, perSecond)];
    }),
  );
}

function parseObject(text: string): object {
  const expected = 'a JSON object of names and numbers a second, for example {"city-pay":500}';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`not JSON; expected ${expected}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(`expected ${expected}`);
  return parsed;
}

function parseRate(key: string, perSecond: unknown): number {
  if (typeof perSecond === 'number' && Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= most.perSecond)
    return perSecond;
  throw new Error(`${key}: must be a whole number from 1 to ${most.perSecond}; leave the name out for no limit`);
}

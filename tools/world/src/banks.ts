import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A bank with the public issuer identification numbers of its cards. */
export interface Bank {
  readonly name: string;
  readonly bins: readonly string[];
}

const entry = /bankName: "([^"]+)"|reg: \/\^\(?([0-9|]+)\)?\\d\{\d+\}\$\//g;

/**
 * The banks of the npm package `bankcardinfo`, most BINs first. The package keeps its table inside a closure and exports only a
 * look-up by card number (which asks a web service for a number that it does not know), so the table is read from its source.
 */
export function realBanks(): readonly Bank[] {
  return parseBanks(readFileSync(createRequire(import.meta.url).resolve('bankcardinfo'), 'utf8'));
}

function parseBanks(source: string): readonly Bank[] {
  const binsByBank = new Map<string, Set<string>>();
  let current = new Set<string>();
  for (const [, name, alternatives] of source.matchAll(entry)) {
    if (name !== undefined) {
      current = binsByBank.get(name) ?? new Set();
      binsByBank.set(name, current);
    }
    for (const bin of alternatives?.split('|') ?? []) current.add(bin);
  }
  return [...binsByBank]
    .map(([name, bins]) => ({ name, bins: [...bins].sort() }))
    .sort((a, b) => b.bins.length - a.bins.length || (a.name < b.name ? -1 : 1));
}

import type { Merchant, Plate, Store, Terminal } from '@fourway/contracts';
import { luhnDigit } from './luhn.ts';
import { scenarioNamed, type ScenarioName } from './scenarios.ts';

/** Where a merchant is paid: its store, the terminal in it, and the plate on the counter where there is one. */
export interface Premises {
  readonly store: Store;
  readonly terminal: Terminal;
  readonly plate: Plate | null;
}

/** The merchant's number for its first terminal, 8 characters; traffic pays there. */
export const terminalIdOf = (index: number): string => `T${String(index % 10_000_000).padStart(7, '0')}`;

/** The merchant's default store: S and the last 14 digits of its id. */
export const storeIdOf = (merchantId: string): string => `S${merchantId.slice(1)}`;

/** 12 characters: P, the merchant's number in ten digits, a check digit. */
export function plateIdOf(index: number): string {
  const digits = String(index).padStart(10, '0');
  return `P${digits}${luhnDigit(digits)}`;
}

export const hasPlate = (name: ScenarioName): boolean => scenarioNamed(name).hasPlate;

/** What stands at merchant `index`. */
export function makePremises(index: number, merchant: Merchant, scenario: ScenarioName): Premises {
  const { merchantId, region, name } = merchant;
  const storeId = storeIdOf(merchantId);
  const terminalId = terminalIdOf(index);
  return {
    store: { storeId, merchantId, name: `${name}总店`, region },
    terminal: { terminalId, merchantId, storeId },
    plate: hasPlate(scenario) ? { plateId: plateIdOf(index), merchantId, storeId, terminalId } : null,
  };
}

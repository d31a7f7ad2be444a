import type { StackDescription } from '@fourway/stack';
import { acquirerHost, acquirerRouting, riskScoring, wholeSwitch } from '../timeline/station.ts';
import { at, atLedger, atRouting, type Holding } from './holding.ts';

/** A process that can be killed. */
export interface Victim extends Holding {
  readonly name: string;
  /** True where the others cannot work without it. */
  readonly isEngine?: boolean;
  /** Of a process that is ready; undefined while it is not. */
  readonly pid: (stack: StackDescription) => number | undefined;
}

const services = { 'risk-scoring': at(riskScoring), 'acquirer-routing': atRouting, settlement: atLedger } as const;
export type ServiceName = keyof typeof services;

export const serviceVictim = (name: ServiceName): Victim => ({
  name,
  pid: (stack) => readyPid(stack.services[name]?.replicas[0]),
  ...services[name],
});

export const serviceVictims: readonly Victim[] = [
  serviceVictim('risk-scoring'),
  serviceVictim('acquirer-routing'),
  serviceVictim('settlement'),
];

/** Everything that a payment passes, by name. */
export const allVictims = ({ acquirers }: StackDescription): readonly Victim[] => [
  ...serviceVictims,
  ...acquirers.map(({ id }) => acquirerVictim(id)),
  ...(['kafka', 'postgres', 'redis'] as const).map(engineVictim),
];

export const engineVictim = (name: keyof StackDescription['engines']): Victim => ({
  name,
  isEngine: true,
  pid: ({ engines }) => readyPid(engines[name]),
  ...at(wholeSwitch),
});

export const acquirerVictim = (acquirerId: string): Victim => ({
  name: `acquirer-simulator ${acquirerId}`,
  pid: ({ acquirers }) => readyPid(acquirers.find(({ id }) => id === acquirerId)),
  ...at(acquirerHost(acquirerId)),
  // Whom a payment was sent to shows only with its outcome.
  isBusy: at(acquirerRouting).isBusy,
});

function readyPid(process: { readonly pid: number | null; readonly state: string } | undefined): number | undefined {
  return process?.state === 'ready' ? (process.pid ?? undefined) : undefined;
}

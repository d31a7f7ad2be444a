import type { ServiceRole } from './engines/postgres-databases.ts';
import { StackError } from './processes/errors.ts';

/** A service the stack runs, one process a replica. */
export interface ServiceDefinition {
  readonly name: string;
  /** Its compiled entry, from the root of the checkout. */
  readonly entry: string;
  /** The database role whose schema it owns; none: it gets no database. */
  readonly role?: ServiceRole;
  /** Whether it is told where the acquirers are. */
  readonly callsAcquirers?: boolean;
}

/** Everything the stack runs besides its engines. */
export interface ServiceTable {
  readonly services: readonly ServiceDefinition[];
  /** Compiled entry of the acquirer host, one process an institution. */
  readonly acquirerEntry: string;
  /** Acquiring institution ids (ISO 8583 field 32), eight digits. */
  readonly acquirers: readonly string[];
}

export const fourwayServices: ServiceTable = {
  services: [
    { name: 'risk-scoring', entry: 'apps/risk-scoring/dist/main.js', role: 'risk' },
    { name: 'acquirer-routing', entry: 'apps/acquirer-routing/dist/main.js', role: 'routing', callsAcquirers: true },
    { name: 'settlement', entry: 'apps/settlement/dist/main.js', role: 'settlement' },
  ],
  acquirerEntry: 'apps/acquirer-simulator/dist/main.js',
  acquirers: ['48020000', '48030000'],
};

/**
 * The table with the named services only; with none of them the acquirers go too.
 * @throws StackError for a name that is not in it
 */
export function onlyServices(table: ServiceTable, names: readonly string[]): ServiceTable {
  const known = table.services.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new StackError(`There is no service ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return {
    ...table,
    services: table.services.filter(({ name }) => names.includes(name)),
    acquirers: names.length === 0 ? [] : table.acquirers,
  };
}

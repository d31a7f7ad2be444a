import type { ServiceRole } from './engines/postgres-databases.ts';
import { StackError } from './processes/errors.ts';

/** A service the stack runs, one process a replica. */
export interface ServiceDefinition {
  readonly name: string;
  /** Its compiled entry, from the root of the checkout. */
  readonly entry: string;
  /** The database role whose schema it owns; none: it gets no database. */
  readonly role?: ServiceRole;
  /** What else it is told. */
  readonly given?: readonly Given[];
  /** Whether it answers clients over HTTP: then it goes on answering for a moment when it is asked to stop. */
  readonly answersClients?: boolean;
}

/**
 * `acquirers`: where they are. `api-master-key`: what the keys of clients are derived from. `files`: the folder it writes files to.
 * `upstreams`: where the replicas are of those services before it in the table that answer clients.
 */
export type Given = 'acquirers' | 'api-master-key' | 'files' | 'upstreams';

/** Everything the stack runs besides its engines. */
export interface ServiceTable {
  readonly services: readonly ServiceDefinition[];
  /** Compiled entry of the acquirer host, one process an institution. */
  readonly acquirerEntry: string;
  readonly acquirers: readonly AcquirerDefinition[];
}

/** An acquiring institution whose host the stack runs. */
export interface AcquirerDefinition {
  /** Acquiring institution id (ISO 8583 field 32), eight digits. */
  readonly id: string;
  /** How its messages are encoded: in text (`iso87a`) or packed (`iso87b`). */
  readonly profile: 'iso87a' | 'iso87b';
}

/** The service whose URL is the product's. */
export const frontDoor = 'front-door';

export const fourwayServices: ServiceTable = {
  services: [
    { name: 'risk-scoring', entry: 'apps/risk-scoring/dist/main.js', role: 'risk' },
    { name: 'acquirer-routing', entry: 'apps/acquirer-routing/dist/main.js', role: 'routing', given: ['acquirers'] },
    { name: 'settlement', entry: 'apps/settlement/dist/main.js', role: 'settlement', given: ['files'] },
    {
      name: 'partner-platform',
      entry: 'apps/partner-platform/dist/main.js',
      role: 'partner',
      given: ['api-master-key'],
      answersClients: true,
    },
    {
      name: 'qr-payment',
      entry: 'apps/qr-payment/dist/main.js',
      role: 'payment',
      given: ['api-master-key'],
      answersClients: true,
    },
    { name: frontDoor, entry: 'apps/front-door/dist/main.js', given: ['upstreams'], answersClients: true },
  ],
  acquirerEntry: 'apps/acquirer-simulator/dist/main.js',
  acquirers: [
    { id: '48020000', profile: 'iso87a' },
    { id: '48030000', profile: 'iso87b' },
  ],
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

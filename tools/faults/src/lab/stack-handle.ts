import { readStack, startStack, type StackDescription } from '@fourway/stack';
import { acquirerBehaviour } from './acquirer-pace.ts';

/** The stack under test, its own or somebody else's. */
export interface StackHandle {
  /** As of now: process ids change with every kill. */
  readonly current: () => StackDescription;
  readonly stop: () => Promise<void>;
}

export interface StackChoice {
  /** Processes of a service, of an own stack; default one each. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Further environment of all services of an own stack. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The description of a running stack; none: one is started. */
  readonly stack?: string;
  /** Where an own stack keeps its files. */
  readonly stateDir?: string;
}

export async function openStack({
  stack: file,
  stateDir,
  replicas = {},
  environment = {},
}: StackChoice): Promise<StackHandle> {
  if (file !== undefined) {
    readStack(file);
    return { current: () => readStack(file), stop: () => Promise.resolve() };
  }
  const stack = await startStack({
    report: (line) => console.log(`· ${line}`),
    replicas,
    env: {
      ...environment,
      // An acquirer that was killed comes back with the same behaviour.
      FOURWAY_BEHAVIOUR: JSON.stringify(acquirerBehaviour),
      // Where a process listens when a fault wants to stop it at a point in its code: on a free port of its own.
      NODE_OPTIONS: '--inspect-port=0',
    },
    ...(stateDir === undefined ? {} : { stateDir }),
  });
  return { current: () => stack.description, stop: () => stack.stop() };
}

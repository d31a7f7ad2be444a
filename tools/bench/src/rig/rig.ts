import { join } from 'node:path';
import { brokersOf } from '@fourway/cli';
import { SwitchError } from '@fourway/kernel';
import { EndOffsetReader } from '@fourway/platform-stream';
import { readStack, startEngines, startStack, type StackDescription } from '@fourway/stack';
import type { ProcessGroups } from '../processes/process-table.ts';
import { enginesOf, ownEngines } from './engine-processes.ts';

/** The product with its engines, all but risk-scoring running, and a way to put it to rest while the rival runs. */
export interface Rig {
  readonly stack: StackDescription;
  readonly engines: ProcessGroups;
  /** Stops the product, engines excepted; a stack that is not ours stays up and is idle. */
  readonly rest: () => Promise<'stopped' | 'idle'>;
  readonly close: () => Promise<void>;
}

export interface RigChoice {
  /** The description of a running stack; none: one is started. */
  readonly stack?: string;
  /** Where an own stack keeps its files. */
  readonly stateDir: string;
  /** Of services that an own stack starts, by name; default one each. */
  readonly replicas?: Readonly<Record<string, number>>;
}

/** A connection that reads how far topics are. */
export const offsetsOf = (stack: Pick<StackDescription, 'kafka'>): Promise<EndOffsetReader> =>
  EndOffsetReader.connect({ brokers: brokersOf(stack), clientId: 'fourway-bench' });

/** The processes whose cost is a payment's, by the name they are reported under. */
export function groupsOf({ stack, engines }: Pick<Rig, 'stack' | 'engines'>): ProcessGroups {
  const services = Object.entries(stack.services).map(([name, { pids }]) => [name, pids] as const);
  const acquirers = stack.acquirers.flatMap(({ pid }) => pid ?? []);
  return { ...Object.fromEntries(services), acquirers, ...engines };
}

/** Nothing is measured yet: a machine that is busy with others' work may take its time. */
export const readyWithinMs = 240_000;

/** The service whose start begins the measurement. */
export const heldBack = 'risk-scoring';

export const openRig = (choice: RigChoice): Promise<Rig> =>
  choice.stack === undefined ? ownRig(choice) : givenRig(choice.stack);

/** Engines by themselves and the services on them, so that the same engines serve the rival when the services are gone. */
async function ownRig({ stateDir, replicas = {} }: RigChoice): Promise<Rig> {
  const report = (line: string): void => console.log(`· ${line}`);
  const engines = await startEngines({ stateDir: join(stateDir, 'engines'), report });
  try {
    const takeBack = giveEngines(engines);
    const wanted = { ...replicas, [heldBack]: 0 };
    const services = { stateDir: join(stateDir, 'services'), readyWithinMs, replicas: wanted };
    const stack = await startStack({ ...services, report });
    const stop = once(() => stack.stop());
    return {
      ...{ stack: stack.description, engines: ownEngines() },
      rest: async () => {
        await stop();
        return 'stopped';
      },
      close: async () => {
        await stop();
        await engines.stop();
        takeBack();
      },
    };
  } catch (error) {
    await engines.stop();
    throw error;
  }
}

/** Makes the services' stack use these engines; returns how to undo it, for the next rig of this process. */
function giveEngines({ kafka, postgres, redis }: { kafka: string; postgres: string; redis: string }): () => void {
  const ours = { FOURWAY_KAFKA: kafka, FOURWAY_POSTGRES_URL: postgres, FOURWAY_REDIS_URL: redis };
  const before = Object.keys(ours).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, ours);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}

function givenRig(file: string): Promise<Rig> {
  const stack = readStack(file);
  if (stack.services[heldBack]?.pids.length !== 0)
    throw new SwitchError(
      'config_invalid',
      `the bench starts ${heldBack} itself; start the stack with: npm run stack -- up --json ${file} --replicas ${heldBack}=0`,
    );
  const nothing = (): Promise<void> => Promise.resolve();
  return Promise.resolve({ stack, engines: enginesOf(stack), rest: () => Promise.resolve('idle'), close: nothing });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

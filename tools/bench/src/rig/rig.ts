import { join } from 'node:path';
import { SwitchError } from '@fourway/kernel';
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
}

/** The service whose start begins the measurement. */
export const heldBack = 'risk-scoring';

export const openRig = (choice: RigChoice): Promise<Rig> =>
  choice.stack === undefined ? ownRig(choice.stateDir) : givenRig(choice.stack);

/** Engines by themselves and the services on them, so that the same engines serve the rival when the services are gone. */
async function ownRig(stateDir: string): Promise<Rig> {
  const report = (line: string): void => console.log(`· ${line}`);
  const engines = await startEngines({ stateDir: join(stateDir, 'engines'), report });
  try {
    giveEngines(engines);
    const stack = await startStack({ stateDir: join(stateDir, 'services'), report, replicas: { [heldBack]: 0 } });
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
      },
    };
  } catch (error) {
    await engines.stop();
    throw error;
  }
}

function giveEngines({ kafka, postgres, redis }: { kafka: string; postgres: string; redis: string }): void {
  Object.assign(process.env, { FOURWAY_KAFKA: kafka, FOURWAY_POSTGRES_URL: postgres, FOURWAY_REDIS_URL: redis });
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

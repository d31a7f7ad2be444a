import type { ProcessDescription, StackDescription } from '../description.ts';

interface Line extends ProcessDescription {
  readonly name: string;
  readonly where: string;
}

/** Every process of a stack, for people. */
export function statusTable(stack: StackDescription): string {
  const lines = processesOf(stack);
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines
    .map(
      (line) =>
        `${line.name.padEnd(width)}  ${line.state.padEnd(10)}  ${String(line.pid ?? '-').padStart(8)}  ${line.where}${historyOf(line)}`,
    )
    .join('\n');
}

export function isReady(stack: StackDescription): boolean {
  return processesOf(stack).every(({ state }) => state === 'ready' || state === 'given');
}

function processesOf(stack: StackDescription): Line[] {
  const { engines, services, acquirers } = stack;
  return [
    { name: 'kafka', where: stack.kafka, ...engines.kafka },
    // Without the password.
    { name: 'postgres', where: new URL(stack.postgres).host, ...engines.postgres },
    { name: 'redis', where: new URL(stack.redis).host, ...engines.redis },
    ...acquirers.map((acquirer) => ({
      ...acquirer,
      name: `acquirer ${acquirer.id}`,
      where: `${acquirer.host}:${acquirer.port} ${acquirer.url}`,
    })),
    ...Object.entries(services).flatMap(([name, { replicas }]) =>
      replicas.map((replica, i) => ({ ...replica, name: `${name} ${i}`, where: replica.url })),
    ),
  ];
}

function historyOf({ restarts, lastExit }: ProcessDescription): string {
  return restarts === 0 && lastExit === null ? '' : `  restarted ${restarts} times, last ended with ${lastExit}`;
}

import type { StackDescription } from '@fourway/stack';
import { waitUntil } from './wait-until.ts';

const readyWithinMs = 90_000;

/** Names of processes that are not ready. */
export function notReady({ services, acquirers, engines }: StackDescription): string[] {
  const processes = [
    ...Object.entries(services).flatMap(([name, { replicas }]) => replicas.map(({ state }) => ({ name, state }))),
    ...acquirers.map(({ id, state }) => ({ name: `acquirer ${id}`, state })),
    ...Object.entries(engines).map(([name, { state }]) => ({ name, state })),
  ];
  return processes.filter(({ state }) => state !== 'ready' && state !== 'given').map(({ name }) => name);
}

export async function awaitReady(stack: () => StackDescription): Promise<void> {
  await waitUntil(() => notReady(stack()).length === 0, { what: 'all processes ready', withinMs: readyWithinMs });
}

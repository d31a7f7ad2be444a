/** The moves that a state allows: for each state, the states it may turn into; none for a final one. */
export type StatusMachine<S extends string> = Readonly<Record<S, readonly S[]>>;

/**
 * Walks the graph from its first state and names what is wrong with it: moves into states that are not declared, states that
 * cannot be reached, states from which no final one can be.
 * @returns an empty list for a sound machine
 */
export function statusMachineFaults(machine: Readonly<Record<string, readonly string[]>>, initial: string): string[] {
  const states = Object.keys(machine);
  const undeclared = states.flatMap((from) =>
    movesOf(machine, from).flatMap((to) => (to in machine ? [] : [`${from} moves to ${to}, which is not declared`])),
  );
  const reached = reachableFrom(machine, initial);
  const isFinal = (state: string): boolean => movesOf(machine, state).length === 0;
  return [
    ...(initial in machine ? [] : [`the first state ${initial} is not declared`]),
    ...undeclared,
    ...states.filter((state) => !reached.has(state)).map((state) => `${state} cannot be reached from ${initial}`),
    ...states
      .filter((state) => ![...reachableFrom(machine, state)].some(isFinal))
      .map((state) => `${state} never comes to an end`),
  ];
}

function reachableFrom(machine: Readonly<Record<string, readonly string[]>>, first: string): Set<string> {
  const reached = new Set([first]);
  // A set walked while it grows: each state is visited once.
  for (const state of reached) for (const next of movesOf(machine, state)) reached.add(next);
  return reached;
}

const movesOf = (machine: Readonly<Record<string, readonly string[]>>, state: string): readonly string[] =>
  machine[state] ?? [];

/** Points of no return at which tests kill the process; production has none (config.ts). */
export type BreakpointName = 'after-commit';

/** Ends this process as a power cut would, the first time it passes the point that is set. */
export class Breakpoint {
  readonly #name: BreakpointName | null;

  constructor(name: BreakpointName | null) {
    this.#name = name;
  }

  pass(point: BreakpointName): void {
    if (this.#name === point) process.kill(process.pid, 'SIGKILL');
  }
}

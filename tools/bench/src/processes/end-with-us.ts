import type { ChildProcess } from 'node:child_process';

/** Whatever way this process ends, the child does not stay behind; with its whole group where it leads one. */
export function endWithUs(child: ChildProcess, { group = false }: { group?: boolean } = {}): void {
  const { pid } = child;
  if (pid === undefined) return;
  const end = (): void => {
    try {
      process.kill(group ? -pid : pid, 'SIGKILL');
    } catch {
      // It ended before.
    }
  };
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

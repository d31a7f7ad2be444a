import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { IsoProfileName } from '@fourway/iso8583';

const program = fileURLToPath(new URL('../../../acquirer-simulator/dist/main.js', import.meta.url));

/** The acquirer's side of a test: a real process with a real book. */
export interface Simulator {
  readonly isoPort: number;
  readonly process: ChildProcess;
  /** The book's entries, each as its fields. */
  book(): string[][];
  behave(change: object): Promise<void>;
  disconnect(): Promise<void>;
  get(path: string): Promise<unknown>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the compiled simulator for tests; `isoPort` 0 lets the system choose. */
export async function startSimulator(options: {
  acquirerId: string;
  bookPath: string;
  isoPort?: number;
  profile?: IsoProfileName;
  behaviour?: object;
}): Promise<Simulator> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      FOURWAY_ACQUIRER_ID: options.acquirerId,
      FOURWAY_BOOK: options.bookPath,
      FOURWAY_ISO_PORT: String(options.isoPort ?? 0),
      FOURWAY_ISO_PROFILE: options.profile ?? 'iso87a',
      FOURWAY_BEHAVIOUR: JSON.stringify(options.behaviour ?? {}),
    },
  });
  const { isoPort, httpPort } = parseListening(await firstLine(child));
  const control = `http://127.0.0.1:${httpPort}`;
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(control + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    isoPort,
    process: child,
    book: () => readBook(options.bookPath),
    behave: (change) => post('/behaviour', change),
    disconnect: () => post('/disconnect', {}),
    get: async (path) => (await fetch(control + path)).json(),
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the simulator has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    return line;
  }
  throw new Error('the simulator ended before it listened');
}

function parseListening(line: string): { isoPort: number; httpPort: number } {
  return JSON.parse(line) as { isoPort: number; httpPort: number };
}

const readBook = (path: string): string[][] =>
  readFileSync(path, 'latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

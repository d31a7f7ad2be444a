import { mkdirSync, rmSync } from 'node:fs';
import { startGuardian, type Guardian } from './guardian-process.ts';
import { Ledger } from './ledger.ts';
import { PortPool } from './processes/ports.ts';
import { SupervisedProcess, type ProcessSpec } from './processes/supervised-process.ts';
import { stateFolder, type StateFolder } from './state-folder.ts';

/** How much memory engines take: `standard` for running the product, `small` for tests. */
export type EngineSize = 'standard' | 'small';

export interface HostOptions {
  /** Where everything the stack writes goes; default the checkout's `.fourway`. */
  readonly stateDir?: string;
  /** Default `standard`. */
  readonly size?: EngineSize;
  /** Told what is being done, a line at a time. */
  readonly report?: (line: string) => void;
}

export interface HostEvents {
  readonly restarted?: (process: SupervisedProcess, pid: number) => void;
  readonly changed?: () => void;
}

/** What is stopped first comes first: a service must not see its acquirers or engines vanish. */
const tiers = ['service', 'acquirer', 'engine'] as const;
export type Tier = (typeof tiers)[number];

/** One stack's hold on this machine: its folder, ports and processes. Whatever way this process ends, all of it goes. */
export class StackHost {
  readonly folder: StateFolder;
  readonly size: EngineSize;
  readonly ports = new PortPool();
  readonly report: (line: string) => void;
  readonly #ledger: Ledger;
  readonly #guardian: Guardian;
  readonly #events: HostEvents;
  readonly #processes: { readonly tier: Tier; readonly process: SupervisedProcess }[] = [];

  private constructor(ledger: Ledger, options: HostOptions, events: HostEvents) {
    this.folder = stateFolder(options.stateDir);
    this.size = options.size ?? 'standard';
    this.report = options.report ?? (() => undefined);
    this.#ledger = ledger;
    this.#guardian = startGuardian(ledger);
    this.#events = events;
  }

  /**
   * Takes the state folder, cleaning up after a supervisor that was killed, and empties it of an earlier stack's data.
   * @throws StackError when another supervisor holds it.
   */
  static async open(options: HostOptions, events: HostEvents = {}): Promise<StackHost> {
    const folder = stateFolder(options.stateDir);
    const ledger = await Ledger.open(folder.ledger);
    const host = new StackHost(ledger, options, events);
    for (const old of [folder.data, folder.logs, folder.books, folder.files]) {
      rmSync(old, { recursive: true, force: true });
      mkdirSync(old, { recursive: true });
    }
    host.ownFolder(folder.data);
    return host;
  }

  /** A folder that goes with the stack. */
  ownFolder(folder: string): void {
    this.#ledger.addFolder(folder);
  }

  /** Starts a process and keeps it running until `close`. */
  supervise(tier: Tier, spec: ProcessSpec): SupervisedProcess {
    const supervised = new SupervisedProcess(spec, {
      spawned: (process, identity) => {
        this.#ledger.addProcess({ ...identity, stopSignal: spec.stopSignal });
        this.#events.changed?.();
        if (process.restarts > 0) this.#announce(process, identity.pid);
      },
      changed: () => this.#events.changed?.(),
    });
    this.#processes.push({ tier, process: supervised });
    supervised.start();
    return supervised;
  }

  /** Stops every process and removes the data. Logs, books and files stay for the reader. */
  async close(): Promise<void> {
    for (const tier of tiers) {
      const members = this.#processes.filter((entry) => entry.tier === tier);
      await Promise.all(members.map(({ process }) => process.stop()));
    }
    await this.#ledger.close();
    await this.ports.release();
    this.#guardian.dismiss();
  }

  #announce(process: SupervisedProcess, pid: number): void {
    this.report(`${process.spec.name} ended (${process.lastExit ?? 'unknown'}) and was started again as ${pid}`);
    this.#events.restarted?.(process, pid);
  }
}

import type { BooksReport, PlayReport } from '@fourway/cli';
import type { TrafficMix } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';

/** Something that goes wrong while payments are made, and what was promised about it. */
export interface Fault {
  readonly name: string;
  readonly promise: string;
  readonly mix: TrafficMix;
  /** Faults that are asked for together by this name, too. */
  readonly group?: string;
  /** Payments under which it runs at least, where it needs fewer than the others. */
  readonly payments?: number;
  /** Cards that pay; default two a payment. */
  readonly cards?: number;
  /** True where it needs a stack on which no other fault has run: its cards, for instance, are fresh. */
  readonly alone?: boolean;
  /** Processes of services it needs more than one of. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Settings of the services it needs other than shipped. */
  readonly environment?: Readonly<Record<string, string>>;
  /** `afterwards`: when all payments of the load are decided and posted. Default: while it runs. */
  readonly when?: 'afterwards';
  /** Does the damage while the load runs; the load goes on until this resolves. */
  readonly inflict: (lab: Lab, load: Load) => Promise<Damage>;
}

/** What was done, told once all is quiet again. */
export interface Damage {
  /** How often it hit a payment; what that means is in `seen`. */
  readonly bit: (played: PlayReport) => number;
  /** How often it had to. */
  readonly mustBite: number;
  readonly recoverySeconds: () => number | null;
  /** The damage in a few words, for people. */
  readonly seen: (played: PlayReport) => string;
  /** What was measured, for machines. */
  readonly figures?: () => object;
  /** What else is not as promised. */
  readonly problems?: (played: PlayReport) => Promise<string[]>;
}

export interface FaultResult {
  readonly name: string;
  readonly promise: string;
  readonly seen: string;
  /** From the damage until work that came after it got through; the longest where there were several. */
  readonly recoverySeconds: number | null;
  readonly bit: number;
  readonly pass: boolean;
  readonly problems: readonly string[];
  readonly operations: number;
  /** From the first request to the outcome; sixty are promised, however often something is killed meanwhile. */
  readonly longestUndecidedSeconds: number;
  /** By status and response code. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly figures?: object;
  readonly played: PlayReport | null;
  readonly books: BooksReport | null;
}

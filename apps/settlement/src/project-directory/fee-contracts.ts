import type { FeeTerms } from '@fourway/ledger';

/** One version of a fee contract, ready to compute with. */
export interface FeeContractTerms {
  /** Settlement's own number of this contract version; facts name it. */
  readonly feeTermsId: number;
  readonly feeContractId: number;
  readonly version: bigint;
  /** IIN, 8 digits. */
  readonly acquirerId: string;
  readonly terms: FeeTerms;
}

interface Waiting {
  readonly ids: readonly number[];
  readonly wake: () => void;
}

/** The newest version of every fee contract, in memory. Replaced as a whole, so a batch that took it sees one state. */
export class FeeContracts {
  #newest: ReadonlyMap<number, FeeContractTerms> = new Map();
  readonly #givenUp = new Set<number>();
  #waiting: Waiting[] = [];

  get newest(): ReadonlyMap<number, FeeContractTerms> {
    return this.#newest;
  }

  /** Takes new versions in; an older one than is known changes nothing. */
  publish(contracts: readonly FeeContractTerms[]): void {
    if (contracts.length === 0) return;
    const next = new Map(this.#newest);
    for (const contract of contracts) {
      const known = next.get(contract.feeContractId);
      if (known === undefined || known.version < contract.version) next.set(contract.feeContractId, contract);
      this.#givenUp.delete(contract.feeContractId);
    }
    this.#newest = next;
    const [ready, waiting] = [
      this.#waiting.filter((one) => this.#isComplete(one)),
      this.#waiting.filter((one) => !this.#isComplete(one)),
    ];
    this.#waiting = waiting;
    for (const { wake } of ready) wake();
  }

  /**
   * Resolves when all of `ids` are known, or after `deadlineMs`. An id that was waited for in vain is not waited for again
   * until the directory brings it, so one bad outcome delays its partition once and not every batch.
   */
  async waitFor(ids: Iterable<number>, deadlineMs: number): Promise<void> {
    const missing = [...ids].filter((id) => !this.#newest.has(id) && !this.#givenUp.has(id));
    if (missing.length === 0) return;
    await new Promise<void>((resolve) => {
      const waiting = { ids: missing, wake: () => resolve(clearTimeout(timer)) };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        for (const id of missing) if (!this.#newest.has(id)) this.#givenUp.add(id);
        resolve();
      }, deadlineMs);
      this.#waiting.push(waiting);
    });
  }

  #isComplete({ ids }: Waiting): boolean {
    return ids.every((id) => this.#newest.has(id));
  }
}

/** A range of card tokens: stands for cards of one issuer and one card type. */
export interface TokenRange {
  /** First and last token, both 16 digits. */
  readonly first: string;
  readonly last: string;
  readonly issuerId: string;
  readonly cardType: 'debit' | 'credit';
}

/** Finds the range of a token by binary search; ranges do not overlap. */
export class TokenRanges {
  readonly #ranges: readonly TokenRange[];

  constructor(ranges: readonly TokenRange[]) {
    this.#ranges = ranges.toSorted((a, b) => (a.first < b.first ? -1 : 1));
  }

  get size(): number {
    return this.#ranges.length;
  }

  /** The range that holds a token of 16 digits; null for one that no issuer's range holds, such as a real card number. */
  find(token: string): TokenRange | null {
    let low = 0;
    let high = this.#ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = this.#ranges[middle];
      if (range === undefined) return null;
      if (token < range.first) high = middle - 1;
      else if (token > range.last) low = middle + 1;
      else return token.length === range.first.length ? range : null;
    }
    return null;
  }
}

import { decodeOperationRequested } from '@fourway/contracts';
import { issuerOfToken, type World } from '@fourway/world';

/** How many different ones took part. */
export interface Participants {
  readonly merchants: number;
  readonly cards: number;
  readonly issuers: number;
}

/** Counts who takes part. Numbers, because millions of strings take gigabytes; ids and tokens have at most sixteen digits. */
export class SeenParticipants {
  readonly #world: World;
  readonly #merchants = new Set<number>();
  readonly #cards = new Set<number>();
  readonly #issuers = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  take(request: Buffer): void {
    const { merchantId, cardToken } = decodeOperationRequested(request);
    this.#merchants.add(Number(merchantId));
    this.#cards.add(Number(cardToken));
    this.#issuers.add(issuerOfToken(this.#world, cardToken).issuerId);
  }

  get counts(): Participants {
    return { merchants: this.#merchants.size, cards: this.#cards.size, issuers: this.#issuers.size };
  }
}

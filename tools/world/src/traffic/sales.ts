import type { OperationRequest } from '@fourway/contracts';
import { maxAmountMinor, uuidV7, type Clock } from '@fourway/kernel';
import type { RandomSequence } from '../random.ts';
import type { Scenario } from '../scenarios.ts';
import type { World } from '../world.ts';
import { isDecliningAmount } from './amount-rules.ts';
import { tokenOfCard } from './cards.ts';

export interface SalesOptions {
  readonly world: World;
  readonly random: RandomSequence;
  readonly clock: Clock;
  /** Distinct cards that pay. */
  readonly cards: number;
  readonly upstreamId: string;
}

export interface Sale {
  readonly request: OperationRequest;
  readonly scenario: Scenario;
}

const merchantSkew = 2.5;
const cardSkew = 1.15;
const idBytes = 10;

/** Makes plausible sales: a few merchants and cards have most of them, amounts follow the merchant's scenario. */
export class Sales {
  readonly #options: SalesOptions;

  constructor(options: SalesOptions) {
    this.#options = options;
  }

  /** The next sale, of now, with the fields given instead of its own. */
  next(overrides: Partial<OperationRequest> = {}): Sale {
    const { world, random, clock, upstreamId } = this.#options;
    const merchantIndex = this.#activeMerchant();
    const scenario = world.scenario(merchantIndex);
    const nowMs = clock.nowMs();
    const operationId = this.newId(nowMs);
    const request: OperationRequest = {
      eventId: this.newId(nowMs),
      operationId,
      rootId: operationId,
      kind: 'sale',
      merchantId: world.merchantId(merchantIndex),
      terminalId: `T${String(merchantIndex % 10_000_000).padStart(7, '0')}`,
      merchantOrderNo: operationId.replaceAll('-', ''),
      amountMinor: this.#amountMinor(scenario),
      currency: 'CNY',
      cardToken: this.#card(),
      presentment: random.fraction() < scenario.consumerPresented ? 'consumer' : 'merchant',
      requestedAtMs: nowMs,
      expiresAtMs: 0,
      upstreamId,
      ...overrides,
    };
    return { request, scenario };
  }

  newId(atMs: number): string {
    return uuidV7(atMs, this.#options.random.bytes(idBytes));
  }

  /** A suspended merchant's id, or null in a world that has none. */
  suspendedMerchantId(): string | null {
    const { world, random } = this.#options;
    const start = random.below(world.merchantCount);
    const searched = Math.min(world.merchantCount, 5_000);
    for (let step = 0; step < searched; step += 1) {
      const index = (start + step) % world.merchantCount;
      if (world.isSuspended(index)) return world.merchantId(index);
    }
    return null;
  }

  #activeMerchant(): number {
    const { world, random } = this.#options;
    const rank = random.rank(world.merchantCount, merchantSkew);
    return world.isSuspended(rank) ? rank % 10 : rank;
  }

  #card(): string {
    const { world, random, cards } = this.#options;
    return tokenOfCard(world.seed, world.issuers.length, random.rank(cards, cardSkew));
  }

  #amountMinor({ medianMinor, spread }: Scenario): bigint {
    const drawn = BigInt(Math.max(1, Math.round(this.#options.random.logNormal(medianMinor, spread))));
    const amountMinor = drawn > maxAmountMinor ? maxAmountMinor : drawn;
    return isDecliningAmount(amountMinor) ? amountMinor + 2n : amountMinor;
  }
}

import type { OperationRequest } from '@fourway/contracts';
import { maxAmountMinor, uuidV7, type Clock } from '@fourway/kernel';
import type { RandomSequence } from '../random.ts';
import type { AmountSpread, Scenario } from '../scenarios.ts';
import type { World } from '../world.ts';
import { isDecliningAmount } from './amount-rules.ts';
import { BusyMerchants } from './busy-merchants.ts';
import { tokenOfCard } from './cards.ts';

export interface SalesOptions {
  readonly world: World;
  readonly random: RandomSequence;
  readonly clock: Clock;
  /** Distinct cards that pay. */
  readonly cards: number;
  readonly upstreamId: string;
  /** Milliseconds; 0: requests name no expiry. Default 0. */
  readonly expiresAfterMs?: number;
}

export interface Sale {
  readonly request: OperationRequest;
  readonly scenario: Scenario;
}

const cardSkew = 1.15;
const idBytes = 10;

/** Makes plausible sales: a few merchants and cards have most of them, amounts follow the merchant's scenario. */
export class Sales {
  readonly #options: SalesOptions;
  readonly #merchants: BusyMerchants;

  constructor(options: SalesOptions) {
    this.#options = options;
    this.#merchants = new BusyMerchants(options.world, options.random);
  }

  /** From now on sales are those of this minute of the day (0 to 1439): metros at eight, canteens at noon. */
  moveTo(minute: number): void {
    this.#merchants.moveTo(minute);
  }

  /** The next sale, of now, with the fields given instead of its own. */
  next(overrides: Partial<OperationRequest> = {}): Sale {
    const { world, random, clock, upstreamId, expiresAfterMs = 0 } = this.#options;
    const merchantIndex = this.#merchants.next();
    const scenario = world.scenario(merchantIndex);
    const nowMs = clock.nowMs();
    const operationId = this.newId(nowMs);
    const request: OperationRequest = {
      eventId: this.newId(nowMs),
      operationId,
      rootId: operationId,
      kind: 'sale',
      merchantId: world.merchantId(merchantIndex),
      terminalId: world.terminalId(merchantIndex),
      merchantOrderNo: operationId.replaceAll('-', ''),
      amountMinor: amountOf(scenario.amount, random),
      currency: 'CNY',
      cardToken: this.card(),
      presentment: random.fraction() < scenario.consumerPresented ? 'consumer' : 'merchant',
      requestedAtMs: nowMs,
      expiresAtMs: expiresAfterMs === 0 ? 0 : nowMs + expiresAfterMs,
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

  /** A card, some of them far more often than others. */
  card(): string {
    const { world, random, cards } = this.#options;
    return tokenOfCard(world.seed, world.issuers.length, random.rank(cards, cardSkew));
  }
}

/** An amount that no simulated acquirer is asked to decline. */
export function amountOf({ medianMinor, sigma, stepMinor, maxMinor }: AmountSpread, random: RandomSequence): bigint {
  const steps = Math.max(1, Math.round(random.logNormal(medianMinor, sigma) / stepMinor));
  const drawn = BigInt(Math.min(maxMinor, steps * stepMinor));
  const amountMinor = drawn > maxAmountMinor ? maxAmountMinor : drawn;
  return isDecliningAmount(amountMinor) ? amountMinor + 2n : amountMinor;
}

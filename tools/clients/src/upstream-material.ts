import { tokenOfCard, type World } from '@fourway/world';

/** Whom an upstream service may sell for, and whose cards pay: the JSON file its client reads. */
export interface UpstreamMaterial {
  readonly merchants: readonly { readonly merchantId: string; readonly terminalId: string }[];
  readonly cardTokens: readonly string[];
}

/** Active merchants of a world, the first ones, and so many cards that none of them pays too often for the risk rules. */
export function upstreamMaterial(world: World, size = { merchants: 200, cards: 2_000 }): UpstreamMaterial {
  const indexes = Array.from({ length: Math.min(size.merchants, world.merchantCount) }, (_, index) => index);
  return {
    merchants: indexes
      .filter((index) => !world.isSuspended(index))
      .map((index) => ({ merchantId: world.merchantId(index), terminalId: world.terminalId(index) })),
    cardTokens: Array.from({ length: size.cards }, (_, index) => tokenOfCard(world.seed, world.issuers.length, index)),
  };
}

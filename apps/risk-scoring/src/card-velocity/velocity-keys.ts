/** Hash tags that cards are spread over: one script call a tag and batch, and as many shards as a cluster may have. */
export const tagCount = 16;

/** Every tag there is. */
export const allTags: readonly number[] = Array.from({ length: tagCount }, (_, tag) => tag);

/** The tag of a card. @param cardToken 16 to 19 digits */
export const tagOf = (cardToken: string): number => Number(cardToken.slice(-4)) % tagCount;

/** Names the epoch whose windows are complete, and the run of the server; gone with them when Redis loses its data. */
export const markerKey = (tag: number): string => `risk:velocity:{${tag}}:windows`;

/** Holds the marker's next value while the windows of an epoch are being rebuilt or caught up. */
export const rebuildKey = (tag: number, epoch: string): string => `risk:velocity:{${tag}}:rebuild:${epoch}`;

/** Holds, per partition, an offset up to which all accepted payments are counted in an epoch. */
export const progressKey = (tag: number, epoch: string): string => `risk:velocity:{${tag}}:progress:${epoch}`;

/** The counters of a card. Short: there are as many of them as active cards. */
export const cardKey = ({
  tag,
  epoch,
  cardToken,
}: {
  readonly tag: number;
  readonly epoch: string;
  readonly cardToken: string;
}): string => `v:{${tag}}:${epoch}:${cardToken}`;

/** Held by the one replica that rebuilds. */
export const rebuildLease = 'risk:velocity:rebuild';

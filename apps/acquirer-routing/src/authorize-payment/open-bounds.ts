/** Below what one acquirer may have in flight, so that a burst waits in Kafka and only an acquirer that does not answer runs out of room. */
export const maxOpenRecords = 8_000;

/**
 * Operations that may be open before their records hold offsets back again and nothing more is taken up: what all acquirers may keep waiting at
 * once, so a silent one is never held against the others. Only a store that stands still lets more be open, and then at most another
 * `maxOpenRecords`.
 */
export const mostOpenOperations = (config: {
  readonly acquirers: readonly unknown[];
  readonly acquirerMaxInFlight: number;
}): number => maxOpenRecords + config.acquirers.length * config.acquirerMaxInFlight;

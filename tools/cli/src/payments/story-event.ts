/** Something that happened to a payment. */
export interface StoryEvent {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** False where the source has no clock of its own and the time is that of what it follows. */
  readonly isTimed: boolean;
  readonly source: string;
  readonly what: string;
}

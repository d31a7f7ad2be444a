/** Operations that begin a payment: their id is its root id. */
export const rootKinds = ['sale', 'authorize'] as const;
export type RootKind = (typeof rootKinds)[number];

/** Operations on a payment that is there: each has an id of its own and names the root's. */
export const followUpKinds = ['capture', 'void', 'refund', 'reversal'] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

export const isRootKind = (kind: string | null): kind is RootKind => kind === 'sale' || kind === 'authorize';

export const isFollowUpKind = (kind: string | null): kind is FollowUpKind =>
  kind === 'capture' || kind === 'void' || kind === 'refund' || kind === 'reversal';

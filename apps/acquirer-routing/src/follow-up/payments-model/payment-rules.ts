/**
 * What a payment's life allows, told once more: naively, from the design (§4) and ADR 0016 alone, sharing nothing with the code it judges.
 * A story is a payment's outcomes in the order of their sequence, its root first.
 */
export interface Told {
  readonly id: string;
  readonly kind: string;
  readonly amountMinor: bigint;
  readonly status: string;
  readonly code: string;
  /** What a void or reversal undoes besides the root. */
  readonly names: string | null;
  readonly businessDate: string;
}

export type Story = readonly [Told, ...Told[]];

export interface Sums {
  readonly state: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly voidedMinor: bigint;
}

const isUndoing = ({ kind }: Pick<Told, 'kind'>): boolean => kind === 'void' || kind === 'reversal';
const isApproved = ({ status }: Told): boolean => status === 'approved';
const sum = (told: readonly Told[]): bigint => told.reduce((total, { amountMinor }) => total + amountMinor, 0n);

/** The approved void or reversal that undid this operation of the story. */
const undoerOf = ([root, ...operations]: Story, id: string): Told | undefined =>
  operations.find((each) => isApproved(each) && isUndoing(each) && (each.names ?? root.id) === id);

const standing = (story: Story, kind: string): Told[] =>
  story.filter((each) => each.kind === kind && isApproved(each) && undoerOf(story, each.id) === undefined);

export function sumsOf(story: Story): Sums {
  const [root] = story;
  const authorizedMinor = isApproved(root) ? root.amountMinor : 0n;
  const capturedMinor = sum(standing(story, root.kind === 'sale' ? 'sale' : 'capture'));
  const refundedMinor = sum(standing(story, 'refund'));
  const givenBack = story.filter(({ kind, id }) => kind !== 'refund' && undoerOf(story, id) !== undefined);
  return {
    ...{ authorizedMinor, capturedMinor, refundedMinor, voidedMinor: sum(givenBack) },
    state: stateOf(story, { authorizedMinor, capturedMinor, refundedMinor }),
  };
}

function stateOf(story: Story, sums: Pick<Sums, 'authorizedMinor' | 'capturedMinor' | 'refundedMinor'>): string {
  const [root] = story;
  const undoer = undoerOf(story, root.id);
  if (!isApproved(root)) return root.status;
  if (undoer !== undefined) return undoer.kind === 'void' ? 'voided' : 'reversed';
  if (sums.refundedMinor > 0n) return sums.refundedMinor === sums.capturedMinor ? 'refunded' : 'partially_refunded';
  if (sums.capturedMinor === 0n) return 'authorized';
  return sums.capturedMinor === sums.authorizedMinor ? 'captured' : 'partially_captured';
}

/** Every reason for which the switch itself has to decline this operation at this place of the story; none: the acquirer decides. */
export function objectionsTo(operation: Told, story: Story): ReadonlySet<string> {
  const [root] = story;
  const undoer = undoerOf(story, root.id);
  const sums = sumsOf(story);
  const list = [
    // A root of which no answer came is reversed by ourselves.
    ...(isApproved(root) ? [] : ['payment_not_approved', ...(root.status === 'reversed' ? ['already_reversed'] : [])]),
    ...(undoer === undefined ? [] : [undoer.kind === 'void' ? 'already_voided' : 'already_reversed']),
  ];
  if (operation.kind === 'capture') list.push(...objectionsToCapture(operation, root, sums));
  if (operation.kind === 'refund') list.push(...objectionsToRefund(operation, sums));
  if (isUndoing(operation)) list.push(...objectionsToUndoing(operation, story, sums));
  return new Set(list);
}

function objectionsToCapture({ amountMinor }: Told, root: Told, sums: Sums): string[] {
  const { authorizedMinor, capturedMinor, refundedMinor } = sums;
  const isOver = root.kind === 'sale' || refundedMinor > 0n || capturedMinor === authorizedMinor;
  return [
    ...(isOver ? ['payment_not_capturable'] : []),
    ...(capturedMinor + amountMinor > authorizedMinor ? ['amount_exceeds_authorized'] : []),
  ];
}

function objectionsToRefund({ amountMinor }: Told, { capturedMinor, refundedMinor }: Sums): string[] {
  return [
    ...(refundedMinor === capturedMinor ? ['payment_not_refundable'] : []),
    ...(refundedMinor + amountMinor > capturedMinor ? ['amount_exceeds_captured'] : []),
  ];
}

function objectionsToUndoing(operation: Told, story: Story, sums: Sums): string[] {
  const [root] = story;
  const original = story.find(({ id }) => id === (operation.names ?? root.id));
  if (original === undefined) return ['operation_not_found', 'operation_not_undoable'];
  const toRoot = original === root ? objectionsToUndoingRoot(original, sums) : [];
  return [
    ...(isUndoable(original, operation.kind, root) ? [] : ['operation_not_undoable', 'operation_not_found']),
    ...(undoerOf(story, original.id) === undefined ? [] : ['already_voided', 'already_reversed']),
    ...(operation.amountMinor === original.amountMinor ? [] : ['amount_differs']),
    ...(original.kind !== 'refund' && sums.refundedMinor > 0n ? ['payment_refunded', 'operation_not_undoable'] : []),
    ...(isSettled(original, operation) ? ['already_settled'] : []),
    ...toRoot,
  ];
}

/** An authorization is undone capture by capture. */
const objectionsToUndoingRoot = ({ kind }: Told, { capturedMinor }: Sums): string[] =>
  kind === 'authorize' && capturedMinor > 0n ? ['payment_captured'] : [];

/** There is no message that voids a refund, and nothing undoes an undoing. That the root was not approved has an answer of its own. */
function isUndoable(original: Told, by: string, root: Told): boolean {
  if (original === root) return true;
  return isApproved(original) && (original.kind === 'capture' || (original.kind === 'refund' && by === 'reversal'));
}

/** Its business date is over; a hold is never settled. */
const isSettled = (original: Told, { businessDate }: Told): boolean =>
  original.kind !== 'authorize' && isApproved(original) && original.businessDate < businessDate;

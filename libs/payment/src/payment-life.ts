import { assert } from '@fourway/kernel';
import type { FollowUpKind, RootKind } from './operation-kinds.ts';
import { statusMachineFaults, type StatusMachine } from './status-machine.ts';

export const paymentStates = [
  'undecided',
  'authorized',
  'partially_captured',
  'captured',
  'partially_refunded',
  'refunded',
  'voided',
  'reversed',
  'declined',
  'expired',
] as const;

/** Where a payment stands: the fold of the outcomes of its operations. A sale is captured by its approval. */
export type PaymentState = (typeof paymentStates)[number];

export const moves = [
  'capture',
  'refund',
  'void_root',
  'void_capture',
  'reverse_root',
  'reverse_capture',
  'reverse_refund',
] as const;

/** What an operation does to a payment: a void and a reversal undo the root or one operation. */
export type Move = (typeof moves)[number];

export const operationStatuses = ['approved', 'declined', 'reversed', 'expired'] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/** Why the switch itself declines an operation on a payment: the response code of its outcome. */
export type LifeDecline =
  | 'payment_not_approved'
  | 'payment_not_capturable'
  | 'payment_not_refundable'
  | 'payment_captured'
  | 'payment_refunded'
  | 'already_voided'
  | 'already_reversed'
  | 'operation_not_undoable';

/** What a state makes of a move: the states that an approval may lead to (the totals tell which), a decline of ours, or a wait. */
export type Reaction = { readonly approvedTo: readonly PaymentState[] } | { readonly declined: LifeDecline } | 'wait';

const to = (...approvedTo: PaymentState[]): Reaction => ({ approvedTo });
const no = (declined: LifeDecline): Reaction => ({ declined });

/** The first outcome of a payment, its root's. */
export const rootLife: Readonly<Record<RootKind, Readonly<Record<OperationStatus, PaymentState>>>> = {
  sale: { approved: 'captured', declined: 'declined', reversed: 'reversed', expired: 'expired' },
  authorize: { approved: 'authorized', declined: 'declined', reversed: 'reversed', expired: 'expired' },
};

const nothingToUndo = {
  void_capture: no('operation_not_undoable'),
  reverse_capture: no('operation_not_undoable'),
  reverse_refund: no('operation_not_undoable'),
} as const;

const neverApproved: Readonly<Record<Move, Reaction>> = {
  ...{ capture: no('payment_not_approved'), refund: no('payment_not_approved') },
  ...{ void_root: no('payment_not_approved'), reverse_root: no('payment_not_approved'), ...nothingToUndo },
};

/**
 * A payment's life after its first outcome. Only an approval moves it: a declined, reversed or expired operation leaves the payment as
 * it was, and is remembered as that operation's outcome alone.
 */
export const paymentLife: Readonly<Record<PaymentState, Readonly<Record<Move, Reaction>>>> = {
  undecided: {
    ...{ capture: 'wait', refund: 'wait', void_root: 'wait', reverse_root: 'wait' },
    ...{ void_capture: 'wait', reverse_capture: 'wait', reverse_refund: 'wait' },
  },
  authorized: {
    ...{ capture: to('partially_captured', 'captured'), refund: no('payment_not_refundable') },
    ...{ void_root: to('voided'), reverse_root: to('reversed'), ...nothingToUndo },
  },
  partially_captured: {
    capture: to('partially_captured', 'captured'),
    refund: to('partially_refunded', 'refunded'),
    // The hold is undone when its captures are.
    ...{ void_root: no('payment_captured'), reverse_root: no('payment_captured') },
    void_capture: to('authorized', 'partially_captured'),
    reverse_capture: to('authorized', 'partially_captured'),
    reverse_refund: no('operation_not_undoable'),
  },
  captured: {
    capture: no('payment_not_capturable'),
    refund: to('partially_refunded', 'refunded'),
    // Of a sale; an authorization that is captured is undone capture by capture, as the check of the operation says.
    ...{ void_root: to('voided'), reverse_root: to('reversed') },
    void_capture: to('authorized', 'partially_captured'),
    reverse_capture: to('authorized', 'partially_captured'),
    reverse_refund: no('operation_not_undoable'),
  },
  partially_refunded: {
    ...{ capture: no('payment_not_capturable'), refund: to('partially_refunded', 'refunded') },
    ...{ void_root: no('payment_refunded'), reverse_root: no('payment_refunded') },
    ...{ void_capture: no('payment_refunded'), reverse_capture: no('payment_refunded') },
    reverse_refund: to('partially_captured', 'captured', 'partially_refunded'),
  },
  refunded: {
    ...{ capture: no('payment_not_capturable'), refund: no('payment_not_refundable') },
    ...{ void_root: no('payment_refunded'), reverse_root: no('payment_refunded') },
    ...{ void_capture: no('payment_refunded'), reverse_capture: no('payment_refunded') },
    reverse_refund: to('partially_captured', 'captured', 'partially_refunded'),
  },
  voided: {
    ...{ capture: no('already_voided'), refund: no('already_voided') },
    ...{ void_root: no('already_voided'), reverse_root: no('already_voided'), ...nothingToUndo },
  },
  reversed: {
    ...{ capture: no('already_reversed'), refund: no('already_reversed') },
    ...{ void_root: no('already_reversed'), reverse_root: no('already_reversed'), ...nothingToUndo },
  },
  declined: neverApproved,
  expired: neverApproved,
};

/** What undoing an operation of this kind is called; null where it cannot be undone so. */
export function undoing(kind: 'void' | 'reversal', original: RootKind | FollowUpKind): Move | null {
  if (original === 'sale' || original === 'authorize') return kind === 'void' ? 'void_root' : 'reverse_root';
  if (original === 'capture') return kind === 'void' ? 'void_capture' : 'reverse_capture';
  // A refund is an advice: there is no message that voids it.
  return original === 'refund' && kind === 'reversal' ? 'reverse_refund' : null;
}

/**
 * For a service's start: refuses to run on a payment's life that leaves a state without an answer to a move, has dead ends, or names
 * states that nothing leads to.
 * @throws Error naming every fault
 */
export function assertPaymentLife(): void {
  const faults = [...statusMachineFaults(asMachine(), 'undecided'), ...missingAnswers()];
  assert(faults.length === 0, `a payment's life is complete; ${faults.join('; ')}`);
}

function asMachine(): StatusMachine<PaymentState> {
  const first = Object.values(rootLife).flatMap((byStatus) => Object.values(byStatus));
  const entries = paymentStates.map((state): [PaymentState, PaymentState[]] => [
    state,
    state === 'undecided' ? first : moves.flatMap((move) => approvalsOf(paymentLife[state][move])),
  ]);
  return Object.fromEntries(entries) as Record<PaymentState, PaymentState[]>;
}

const approvalsOf = (reaction: Reaction | undefined): readonly PaymentState[] =>
  typeof reaction === 'object' && 'approvedTo' in reaction ? reaction.approvedTo : [];

/** The types say so too; a table that was patched at run time is not typed. */
function missingAnswers(): string[] {
  const table: Readonly<Record<string, Readonly<Record<string, Reaction | undefined>> | undefined>> = paymentLife;
  return paymentStates.flatMap((state) =>
    moves.flatMap((move) => (table[state]?.[move] === undefined ? [`${state} has no answer to ${move}`] : [])),
  );
}

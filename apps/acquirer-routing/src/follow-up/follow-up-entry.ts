import { defined } from '@fourway/kernel';
import type { OpenOperation } from '../authorize-payment/open-operations.ts';
import type { Incoming } from '../operation.ts';

/** An operation on a payment, open in this process and undecided as far as it knows. */
export interface FollowUpEntry {
  readonly operation: OpenOperation;
  /** True where a row in `parked` keeps it: it waited there, and its time does not run out again. */
  readonly isFromQueue: boolean;
}

export const firstOf = ({ operation }: FollowUpEntry): Incoming => defined(operation.sources[0], 'opening record');

export const rootOf = (entry: FollowUpEntry): string => firstOf(entry).scored.operation.rootId;

export const isFollowUp = ({
  rootId,
  operationId,
}: {
  readonly rootId: string;
  readonly operationId: string;
}): boolean => rootId !== operationId;

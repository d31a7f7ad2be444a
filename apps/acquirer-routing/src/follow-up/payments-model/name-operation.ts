import type { PaymentHistory } from './history.ts';

/** By its place in the log, which is what a reader of a failure can follow. */
export function nameOf({ arrivals }: Pick<PaymentHistory, 'arrivals'>, id: string): string {
  const place = arrivals.findIndex(({ request }) => request.operationId === id);
  const kind = arrivals[place]?.request.kind ?? 'operation';
  return `${kind} #${place}`;
}

/** A payment whose records go through one partition alone is worked on in the order of its records. */
export const isOrdered = ({ arrivals }: PaymentHistory): boolean => arrivals.every(({ isStray }) => !isStray);

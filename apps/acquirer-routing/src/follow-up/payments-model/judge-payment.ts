import type { PaymentHistory } from './history.ts';
import { faultsOfBook, faultsOfCopies, faultsOfTotals } from './judge-books.ts';
import { faultsOfIdentity } from './judge-identity.ts';
import { faultsOfStory } from './judge-story.ts';

/** Everything in a payment's history that the rules do not allow; empty where all is well. Pure. */
export function faultsOf(history: PaymentHistory): string[] {
  return [
    ...faultsOfIdentity(history),
    ...faultsOfStory(history),
    ...faultsOfCopies(history),
    ...faultsOfTotals(history),
    ...faultsOfBook(history),
  ];
}

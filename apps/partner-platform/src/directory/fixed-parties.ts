import type { FeeContract } from '@fourway/contracts';
import type { FieldProblem } from '@fourway/platform-http';

const parties = ['acquirerId', 'providerId'] as const;

/** The parties that a new version of a fee contract would exchange; merchants name the contract because of them. */
export const changedParties = (next: FeeContract, current: FeeContract): FieldProblem[] =>
  parties
    .filter((field) => next[field] !== current[field])
    .map((field) => ({
      pointer: `/${field}`,
      code: 'party_fixed',
      rule: `must stay ${current[field] || 'empty'}`,
      remedy: 'Make a new fee contract, and have merchants name that.',
    }));

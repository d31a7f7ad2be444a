import { topics } from './topics.ts';

/** The groups that an operation passes before it is decided, and the topic each reads. */
export const pathGroups = {
  riskScoring: { groupId: 'risk-scoring', topic: topics.requested.name },
  acquirerRouting: { groupId: 'acquirer-routing', topic: topics.scored.name },
} as const;

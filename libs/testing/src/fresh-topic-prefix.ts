import { randomBytes } from 'node:crypto';

/** A prefix for topic and group names of one test file's own, e.g. `t3f9c01ab7.`; the engine itself is shared. */
export function freshTopicPrefix(): string {
  return `t${randomBytes(5).toString('hex')}.`;
}

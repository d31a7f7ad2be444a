import { topics } from '@fourway/contracts';

/** What brings back the records that a topic has lost, by topic; every stage is idempotent, so sending too much costs only time. */
const remedies: Readonly<Record<string, string>> = {
  [topics.requested.name]:
    'requests nobody read: qr-payment sends its own again by itself; have upstreams send again, by the same ids, what they have no answer to',
  [topics.scored.name]:
    'scored requests nobody decided: qr-payment sends its own again by itself; have upstreams send again, by the same ids, what they have no answer to. Claims without outcomes are named by: fourway books sweep',
  [topics.outcomes.name]:
    'outcomes this group did not read: fourway books sweep names those without a fact; sent again by the same ids they get their stored outcomes published again',
  [topics.directory.name]:
    "a compacted log begins later only where it was deleted or made anew: have partner-platform's directory published again (fourway world load, or its import)",
};

export const remedyOf = (topic: string): string =>
  remedies[topic] ?? 'see what produces to this topic, and have it send again what is missing';

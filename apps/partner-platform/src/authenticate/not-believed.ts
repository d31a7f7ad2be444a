import { problemOfStatus, type HttpProblem } from '@fourway/platform-http';

const remedies: Readonly<Record<string, string>> = {
  signature_missing: 'Send Fourway-Key, Fourway-Timestamp and Fourway-Signature.',
  key_malformed: 'Fourway-Key is <principal>.<version>, for example provider:SP000001.1.',
  key_unknown: 'The key is not, or no longer, valid.',
  timestamp_malformed: 'Fourway-Timestamp is milliseconds since the Unix epoch.',
  timestamp_out_of_range: 'Fourway-Timestamp must be within 5 minutes of our clock.',
  content_digest_missing:
    'Send Fourway-Content-Sha256 with the SHA-256 of the body, and sign its digits in place of the body.',
  content_differs: 'The body is not the one that was signed.',
  signature_wrong: 'The signature does not match key, timestamp, method, path with query, and body.',
};

/** The answer 401; `fault` is its code. */
export const notBelieved = (fault: string): HttpProblem =>
  problemOfStatus(401, { code: fault, detail: remedies[fault] ?? 'The request is not signed as it must be.' });

import { HttpProblem } from '@fourway/platform-http';
import type { SignatureFault } from '@fourway/platform-signing';

type Words = { readonly title: string; readonly detail: string };

/** Why a request is not believed, and what to do about it. */
export const faultWords: Readonly<Record<SignatureFault, Words>> = {
  signature_missing: {
    title: 'The request is not signed',
    detail: 'Send Fourway-Key, Fourway-Timestamp and Fourway-Signature, each once.',
  },
  key_malformed: {
    title: 'Fourway-Key names no key',
    detail: 'Send <principal>.<version>, for example merchant:812345678900001.1.',
  },
  timestamp_malformed: {
    title: 'Fourway-Timestamp is no time',
    detail: 'Send milliseconds since the Unix epoch, 13 digits.',
  },
  timestamp_out_of_range: {
    title: 'The request was signed too long ago, or ahead of time',
    detail: 'Fourway-Timestamp may differ from our clock by 5 minutes. Correct the clock and sign each request anew.',
  },
  signature_wrong: {
    title: 'The signature is not that of this request',
    detail:
      'Sign timestamp, method, path with query and the SHA-256 of the body as sent, one a line, with the key of this version; hex digits in lower case.',
  },
};

export const unknownPrincipal = (): HttpProblem =>
  new HttpProblem({
    status: 401,
    code: 'unknown_principal',
    title: 'The principal is not known',
    detail: 'The directory has no such merchant. Use the id that was assigned at onboarding.',
  });

export const keyNotCurrent = (): HttpProblem =>
  new HttpProblem({
    status: 401,
    code: 'key_not_current',
    title: 'This version of the key is not the current one',
    detail: 'Sign with the newest key; an older one ends when a new one is given.',
  });

export const merchantNotActive = (status: string): HttpProblem =>
  new HttpProblem({
    status: 403,
    code: `merchant_${status}`,
    title: `The merchant is ${status}`,
    detail: 'Ask the service provider that looks after the merchant.',
  });

export const wrongPrincipal = (allowed: readonly string[]): HttpProblem =>
  new HttpProblem({
    status: 403,
    code: 'wrong_principal',
    title: 'This principal may not do this',
    detail: `Sign as ${allowed.join(' or ')}.`,
  });

import { HttpProblem } from '@fourway/platform-http';

/** Also for what belongs to others: whoever asks learns nothing of it. */
export const notFound = (what: 'order' | 'payment'): HttpProblem =>
  new HttpProblem({
    status: 404,
    code: `${what}_not_found`,
    title: `There is no such ${what}`,
    detail: `The caller has no ${what} with this id.`,
  });

import { HttpProblem } from '@fourway/platform-http';
import { isTransient } from '@fourway/platform-postgres';

/** Waits for work that is safe to ask for again; where Postgres stayed away, the caller is told so. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new HttpProblem(
      {
        status: 503,
        code: 'unavailable',
        title: 'The service cannot answer now',
        detail: 'Send the same request again, with the same Idempotency-Key.',
        headers: { 'retry-after': '1' },
      },
      { cause: error },
    );
  }
}

/** SQLSTATE classes and codes after which the same statement may succeed: connection loss, shutdown, deadlock, serialization, resources, cancel. */
const transientStates = /^(08|57P|53|40001$|40P01$|55P03$|57014$|25P0)/;
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH']);
const clientMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|connection timeout/i;

/** True where Postgres or the way to it failed, so that the same work may be tried again; false where the work itself is at fault. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return transientStates.test(code) || socketCodes.has(code) || clientMessages.test(error.message);
}

/** An SQL time as text of milliseconds since the Unix epoch. */
export const epochMs = (time: string): string => `(extract(epoch from ${time}) * 1000)::bigint`;

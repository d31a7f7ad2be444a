import { z } from 'zod';

/** What `up` asks of the supervisor it starts, as JSON in its only argument. */
export const daemonRequest = z.object({
  stateDir: z.string().optional(),
  jsonFile: z.string().optional(),
  replicas: z.record(z.string(), z.number()),
  services: z.array(z.string()).optional(),
});
export type DaemonRequest = z.infer<typeof daemonRequest>;

/** What the supervisor tells `up` while it starts. */
export const daemonMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), line: z.string() }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type DaemonMessage = z.infer<typeof daemonMessage>;

import { z } from 'zod';

/** In the state folder, for its owner only: where the supervisor listens, and the word that shows who may ask. */
export const controlAddress = z.object({ url: z.string(), token: z.string() });

/** What `restart` asks of the supervisor. */
export const restartRequest = z.object({ services: z.array(z.string()).min(1) });

const restarted = z.object({
  name: z.string(),
  pid: z.number(),
  ended: z.string(),
  stopMs: z.number(),
  readyMs: z.number(),
});

/** The supervisor's answer, one a line, while it works. */
export const controlMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), line: z.string() }),
  z.object({ kind: z.literal('done'), restarts: z.array(restarted) }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;

import { isoProfileNames, isoProfiles, type Iso8583Profile } from '@fourway/iso8583';
import { z } from 'zod';
import { behaviourSchema } from './behaviour.ts';
import type { Behaviour } from './behaviour.ts';

export interface SimulatorConfig {
  readonly acquirerId: string;
  readonly isoPort: number;
  readonly profile: Iso8583Profile;
  readonly httpPort: number;
  readonly bookPath: string;
  readonly behaviour: Behaviour;
}

const port = z.coerce.number().int().min(0).max(65_535);

const environmentSchema = z.object({
  FOURWAY_ACQUIRER_ID: z.string().regex(/^\d{8}$/, 'must be an 8-digit IIN'),
  /** 0 lets the system choose; the choice is printed. */
  FOURWAY_ISO_PORT: port.default(0),
  FOURWAY_HTTP_PORT: port.default(0),
  /** How messages are encoded: in text, or packed. */
  FOURWAY_ISO_PROFILE: z.enum(isoProfileNames).default('iso87a'),
  FOURWAY_BOOK: z.string().min(1),
  /** The behaviour to start with, as JSON; see behaviour.ts. */
  FOURWAY_BEHAVIOUR: z.string().default('{}'),
});

/**
 * Reads the environment.
 * @throws Error that names every variable at fault
 */
export function loadConfig(): SimulatorConfig {
  const parsed = environmentSchema.safeParse(process.env);
  if (!parsed.success) throw new Error(`configuration: ${z.prettifyError(parsed.error)}`);
  return {
    acquirerId: parsed.data.FOURWAY_ACQUIRER_ID,
    isoPort: parsed.data.FOURWAY_ISO_PORT,
    profile: isoProfiles[parsed.data.FOURWAY_ISO_PROFILE],
    httpPort: parsed.data.FOURWAY_HTTP_PORT,
    bookPath: parsed.data.FOURWAY_BOOK,
    behaviour: behaviourSchema.parse(JSON.parse(parsed.data.FOURWAY_BEHAVIOUR)),
  };
}

import { createHash } from 'node:crypto';
import { sleep, SwitchError } from '@fourway/kernel';
import { deriveApiKey, signRequest } from '@fourway/platform-signing';
import { directoryChanges, type World } from '@fourway/world';
import { z } from 'zod';
import { importBodies, type ImportBody } from './import-lines.ts';

export interface ImportWorldOptions {
  /** partner-platform's. */
  readonly url: string;
  /** 64 hexadecimal digits. */
  readonly apiMasterKey: string;
  readonly world: World;
  readonly onProgress?: (lines: number) => void;
}

export interface ImportedWorld {
  readonly lines: number;
  /** Entities that are new or have a new version. */
  readonly imported: number;
  readonly unchanged: number;
}

const linesABody = 20_000;
const path = '/v1/directory/import';
const keyId = 'operator:world.1';
const retryMs = 500;
const triesABody = 60;

const importResult = z.object({ lines: z.int(), imported: z.int(), unchanged: z.int() });

/**
 * Has partner-platform take a world over. Sending it again changes nothing, so a body whose answer was lost is sent again.
 * @throws SwitchError `engine_unavailable` when partner-platform does not answer, `undecodable` when it refuses the world
 */
export async function importWorld({
  url,
  apiMasterKey,
  world,
  onProgress,
}: ImportWorldOptions): Promise<ImportedWorld> {
  const key = deriveApiKey(Buffer.from(apiMasterKey, 'hex'), 'operator:world', 1);
  let total: ImportedWorld = { lines: 0, imported: 0, unchanged: 0 };
  const take = async (body: ImportBody): Promise<void> => {
    const { imported, unchanged } = await sendUntilTaken(() => send(`${url}${path}`, key, body));
    total = {
      lines: total.lines + body.lines,
      imported: total.imported + imported,
      unchanged: total.unchanged + unchanged,
    };
    onProgress?.(total.lines);
  };
  // The next body is made while one is taken; they are taken one after another, since later ones name what earlier ones bring.
  let taking = Promise.resolve();
  for (const body of importBodies(directoryChanges(world, Date.now()), linesABody)) {
    await taking;
    taking = take(body);
    taking.catch(() => undefined);
    await sleep(0);
  }
  await taking;
  return total;
}

async function sendUntilTaken<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof SwitchError ? error.retryable : error instanceof TypeError;
      if (!isPassing || tries === triesABody) throw error;
      await sleep(retryMs);
    }
  }
}

async function send(url: string, key: Buffer, { bytes }: ImportBody): Promise<z.infer<typeof importResult>> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  // A stream cannot be held against its signature before it is read: its digest is signed in its place.
  const signature = signRequest({ keyId, key, method: 'POST', path, body: digest, timestampMs: Date.now() });
  const headers = { ...signature, 'content-type': 'application/x-ndjson', 'fourway-content-sha256': digest };
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
  if (response.ok) return importResult.parse(await response.json());
  const text = await response.text();
  if (response.status >= 500)
    throw new SwitchError('engine_unavailable', `partner-platform answers ${response.status}: ${text}`, {
      retryable: true,
    });
  throw new SwitchError('undecodable', `partner-platform refuses the world: ${text}`);
}

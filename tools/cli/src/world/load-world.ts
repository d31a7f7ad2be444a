import { directoryKey, encodeDirectoryChange, topics } from '@fourway/contracts';
import { EventProducer, type EventMessage } from '@fourway/platform-stream';
import { directoryChanges, type World } from '@fourway/world';

export interface LoadWorldOptions {
  readonly brokers: readonly string[];
  readonly world: World;
  readonly onProgress?: (records: number) => void;
}

export interface LoadedWorld {
  readonly records: number;
  /** The version all its records have. */
  readonly version: bigint;
}

const recordsPerSend = 4_000;

/** Produces the whole directory of a world; a world of any size takes the memory of one send. */
export async function loadWorld({ brokers, world, onProgress }: LoadWorldOptions): Promise<LoadedWorld> {
  const producer = new EventProducer({ brokers, clientId: 'fourway-world' });
  await producer.connect();
  const changedAtMs = Date.now();
  let sent = 0;
  try {
    let batch: EventMessage[] = [];
    const flush = async (): Promise<void> => {
      await producer.send(topics.directory.name, batch);
      sent += batch.length;
      batch = [];
      onProgress?.(sent);
    };
    for (const change of directoryChanges(world, changedAtMs)) {
      batch.push({ key: directoryKey(change.entity), value: encodeDirectoryChange(change) });
      if (batch.length === recordsPerSend) await flush();
    }
    await flush();
  } finally {
    await producer.disconnect();
  }
  return { records: sent, version: BigInt(changedAtMs) };
}

import { open, rename, writeFile } from 'node:fs/promises';

/** Puts a finished temporary file in its place: whoever sees the name sees all of the content, also after a power cut. */
export async function publishFile(temporary: string, path: string): Promise<void> {
  await sync(temporary);
  await rename(temporary, path);
}

/** Writes a small file as a whole. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, content);
  await publishFile(temporary, path);
}

/** Makes the names in a folder durable; a file's path for the file itself. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

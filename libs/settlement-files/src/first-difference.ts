import { open, type FileHandle } from 'node:fs/promises';

/** Where two files part. */
export interface FirstDifference {
  /** From 0. */
  readonly byte: number;
  /** From 1. */
  readonly line: number;
}

const chunkBytes = 1024 * 1024;

/** The first byte in which two files differ, the end of the shorter one included; null where they are the same. */
export async function firstDifference(one: string, other: string): Promise<FirstDifference | null> {
  const handles = [await open(one), await open(other)] as const;
  try {
    return await compare(...handles);
  } finally {
    for (const handle of handles) await handle.close();
  }
}

async function compare(one: FileHandle, other: FileHandle): Promise<FirstDifference | null> {
  let byte = 0;
  let line = 1;
  for (;;) {
    const [a, b] = [await chunkAt(one, byte), await chunkAt(other, byte)];
    const until = a.equals(b) ? a.length : firstOf(a, b);
    for (let i = 0; i < until; i++) if (a[i] === newLine) line++;
    if (until < Math.max(a.length, b.length)) return { byte: byte + until, line };
    if (until === 0) return null;
    byte += until;
  }
}

const newLine = 10;

function firstOf(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return shorter;
}

/** A whole chunk, unless the file ends before. */
async function chunkAt(file: FileHandle, position: number): Promise<Buffer> {
  const chunk = Buffer.alloc(chunkBytes);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, filled, chunkBytes - filled, position + filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === chunkBytes) return chunk.subarray(0, filled);
  }
}

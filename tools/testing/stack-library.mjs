import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const compiled = new URL('../stack/dist/index.js', import.meta.url);

/** The compiled stack library: jest's global setup runs as plain JavaScript. Built here when it is not there yet. */
export async function stackLibrary() {
  if (!existsSync(compiled)) build('tools/stack');
  return await import(compiled.href);
}

/** Compiles with `tsc -b` and says whether that went well. */
export function build(...projects) {
  return (
    spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', ...projects], {
      cwd: root,
      stdio: 'inherit',
    }).status === 0
  );
}

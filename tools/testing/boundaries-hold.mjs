// Proves that the module boundaries are more than decoration: writes files that break them, and fails unless lint names every one.
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const violations = {
  'libs/routing/src/breaks-platform.ts': `import { Database } from '@fourway/platform-postgres';\nexport const broken = Database;\n`,
  'libs/routing/src/breaks-clock.ts': `export const broken = Date.now();\n`,
  'libs/routing/src/breaks-npm.ts': `import { z } from 'zod';\nexport const broken = z;\n`,
  'libs/routing/src/breaks-node.ts': `import { readFileSync } from 'node:fs';\nexport const broken = readFileSync;\n`,
  'apps/settlement/src/breaks-app.ts': `import * as other from '@fourway/acquirer-simulator';\nexport const broken = other;\n`,
  'apps/settlement/src/breaks-scope.ts': `import { chooseAcquirer } from '@fourway/routing';\nexport const broken = chooseAcquirer;\n`,
  'apps/settlement/src/breaks-owner.ts': `import kafkajs from 'kafkajs';\nexport const broken = kafkajs;\n`,
  'apps/settlement/src/breaks-environment.ts': `export const broken = process.env;\n`,
};
const boundaryRules = /enforce-module-boundaries|no-restricted-(imports|globals|properties)/;

execFileSync('npx', ['nx', 'show', 'projects'], { stdio: 'ignore' });
const files = Object.keys(violations);
try {
  for (const [file, text] of Object.entries(violations)) writeFileSync(file, text);
  const { stdout } = spawnSync('npx', ['eslint', '--format', 'json', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const results = JSON.parse(stdout);
  const missed = results
    .filter(({ messages }) => !messages.some(({ ruleId }) => boundaryRules.test(ruleId ?? '')))
    .map(({ filePath }) => filePath);
  if (results.length !== files.length || missed.length > 0) {
    console.error(`lint let these pass: ${missed.join(', ') || 'files it did not read'}`);
    process.exitCode = 1;
  } else console.log(`lint refuses all ${files.length} violations`);
} finally {
  for (const file of files) rmSync(file, { force: true });
}

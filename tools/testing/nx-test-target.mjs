// An Nx plugin: gives every package with fast tests a `test` target, so that `nx test <package>` and `nx run-many -t test` work without a jest
// configuration in each of them.
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';

const targetOf = (root) => ({
  command: `node --experimental-vm-modules node_modules/jest/bin/jest.js --config jest.config.mjs --rootDir . ${root}/src`,
  cache: true,
  inputs: ['default', '^default', { externalDependencies: ['jest', '@swc/jest', 'fast-check'] }],
  metadata: { description: 'fast tests: no engines' },
});

export const createNodesV2 = [
  '{apps,libs,tools}/**/package.json',
  (packageFiles, _options, { workspaceRoot }) =>
    packageFiles.flatMap((file) => {
      const root = dirname(file);
      const source = join(workspaceRoot, root, 'src');
      const hasTests = existsSync(source) && globSync('**/*.spec.ts', { cwd: source }).length > 0;
      return hasTests ? [[file, { projects: { [root]: { root, targets: { test: targetOf(root) } } } }]] : [];
    }),
];

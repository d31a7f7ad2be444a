// One preset for every project: node, SWC with Nest's decorators, and our source condition, so tests run on TypeScript and never on a stale dist.
export const preset = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@fourway/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.*/dist/', '<rootDir>/.fourway/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.fourway/'],
};

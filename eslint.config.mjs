import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Each engine's client is importable in exactly one library. */
const owners = {
  kafkajs: 'libs/platform/stream',
  pg: 'libs/platform/postgres',
  typeorm: 'libs/platform/postgres',
  ioredis: 'libs/platform/hot-data',
  opossum: 'libs/platform/resilience',
  'prom-client': 'libs/platform/observability',
  pino: 'libs/platform/observability',
};
const restricted = (names) => [
  'error',
  { paths: names.map((name) => ({ name, message: `only ${owners[name]} may import ${name}` })) },
];
const ownerRules = [...new Set(Object.values(owners))].map((folder) => ({
  files: [`${folder}/**/*.ts`],
  rules: { 'no-restricted-imports': restricted(Object.keys(owners).filter((name) => owners[name] !== folder)) },
}));

const depConstraints = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:domain', 'type:contract', 'type:platform', 'type:kernel', 'type:testing'],
  },
  {
    sourceTag: 'type:domain',
    onlyDependOnLibsWithTags: ['type:kernel', 'scope:wire'],
    allowedExternalImports: ['@jest/globals', 'fast-check'],
  },
  {
    sourceTag: 'type:kernel',
    onlyDependOnLibsWithTags: ['type:kernel'],
    allowedExternalImports: ['@jest/globals', 'fast-check'],
  },
  {
    sourceTag: 'type:contract',
    onlyDependOnLibsWithTags: ['type:kernel'],
    allowedExternalImports: ['protobufjs', 'long', '@jest/globals', 'fast-check'],
  },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:platform', 'type:kernel', 'type:testing'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:platform', 'type:kernel', 'type:contract'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: [
      'type:tool',
      'type:domain',
      'type:contract',
      'type:platform',
      'type:kernel',
      'type:testing',
    ],
  },
  {
    sourceTag: 'scope:risk',
    onlyDependOnLibsWithTags: [
      'scope:risk',
      'scope:payment',
      'type:contract',
      'type:platform',
      'type:kernel',
      'type:testing',
    ],
  },
  {
    sourceTag: 'scope:routing',
    onlyDependOnLibsWithTags: [
      'scope:routing',
      'scope:payment',
      'scope:wire',
      'type:contract',
      'type:platform',
      'type:kernel',
      'type:testing',
    ],
  },
  {
    sourceTag: 'scope:settlement',
    onlyDependOnLibsWithTags: ['scope:settlement', 'type:contract', 'type:platform', 'type:kernel', 'type:testing'],
  },
  { sourceTag: 'scope:payment', onlyDependOnLibsWithTags: ['scope:payment', 'type:kernel'] },
];

const bannedNames = ['utils', 'helpers', 'common', 'shared', 'misc', 'base', 'manager', 'impl'];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.fourway/**',
      '.nx/**',
      'libs/contracts/src/generated/**',
      '**/*.mjs',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, banTransitiveDependencies: false, allow: [], depConstraints },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: [{ name: 'bigint', from: 'lib' }] },
      ],
      '@typescript-eslint/no-extraneous-class': [
        'error',
        { allowStaticOnly: true, allowEmpty: true, allowWithDecorator: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/parameter-properties': 'error',
      'no-restricted-imports': restricted(Object.keys(owners)),
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'only config.ts reads the environment' },
      ],
      'no-console': 'error',
      complexity: ['error', 10],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'max-lines-per-function': ['error', { max: 70 }],
    },
  },
  ...ownerRules,
  {
    files: ['**/config.ts', 'libs/testing/**/*.ts', 'tools/**/*.ts', '**/*-spec.ts', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tools/**/*.ts'], rules: { 'no-console': 'off' } },
  // A schema is read best in one piece.
  { files: ['**/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.spec.ts', '**/*-spec.ts'],
    rules: {
      'max-lines': ['error', 500],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['libs/{payment,routing,risk,ledger,qr-code,iso8583}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'the domain does no I/O and has no clock and no randomness' }] },
      ],
      'no-restricted-globals': ['error', 'Date', 'fetch', 'setTimeout', 'setInterval', 'process'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'randomness comes from the caller',
        },
      ],
    },
  },
  {
    files: bannedNames.flatMap((name) => [`**/${name}.ts`, `**/${name}/**/*.ts`]),
    rules: { 'no-restricted-syntax': ['error', { selector: 'Program', message: 'name the file for what it holds' }] },
  },
);

// Generates libs/contracts/src/generated/wire.ts from proto/: the descriptor that protobufjs compiles its codecs from, and the types of what they read
// and write. `--check` fails where the committed file differs from what proto/ gives.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const target = 'libs/contracts/src/generated/wire.ts';
const protos = globSync('proto/fourway/{payments,directory,settlement}/**/*.proto').sort();
const descriptor = JSON.parse(
  execFileSync('node_modules/.bin/pbjs', ['-t', 'json', '-p', 'proto', ...protos], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  }),
);
// The options' own definition drags google.protobuf.descriptor in; the codecs need neither.
const { payments, directory, settlement } = descriptor.nested.fourway.nested;
const nested = { ...payments.nested.v1.nested, ...directory.nested.v1.nested, ...settlement.nested.v1.nested };
const isBusiness = (field) =>
  Object.entries(field.options ?? {}).some(
    ([option, value]) => option.endsWith('options.v1.business)') && value === true,
  );
const business = Object.entries(nested.OperationRequested.fields)
  .filter(([, field]) => isBusiness(field))
  .sort(([, a], [, b]) => a.id - b.id)
  .map(([name]) => name);
if (business.length === 0) throw new Error('no field of OperationRequested is marked (fourway.options.v1.business)');

const text = [
  '// Generated from proto/ by tools/proto/generate.mjs; change the .proto and run `npm run proto:generate`.',
  "import type Long from 'long';",
  '',
  ...Object.entries(nested).flatMap(([name, type]) => (type.values ? enumType(name, type) : messageType(name, type))),
  `export const businessFields = ${JSON.stringify(business)} as const;`,
  '',
  `export const descriptor = ${JSON.stringify({ nested: stripped(nested) }, null, 1)};`,
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(`${target} is not what proto/ generates; run: npm run proto:generate`);
    process.exit(1);
  }
} else {
  mkdirSync('libs/contracts/src/generated', { recursive: true });
  writeFileSync(target, text);
}

function enumType(name, { values }) {
  return [
    `export const ${name} = ${JSON.stringify(values)} as const;`,
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];`,
    '',
  ];
}

/** Fields of a oneof may be absent; proto3 gives every other field a value. */
function messageType(name, { fields, oneofs = {} }) {
  const optional = new Set(Object.values(oneofs).flatMap(({ oneof }) => oneof));
  const lines = Object.entries(fields).map(([field, { type, rule }]) => {
    const element = scalar(type);
    return `  ${field}${optional.has(field) ? '?' : ''}: ${rule === 'repeated' ? `${element}[]` : element}${optional.has(field) ? ' | null' : ''};`;
  });
  return [`export interface ${name} {`, ...lines, '}', ''];
}

function scalar(type) {
  if (/^(u?int32|sint32|fixed32|double|float)$/.test(type)) return 'number';
  if (/^(u?int64|sint64|fixed64)$/.test(type)) return 'Long';
  return { string: 'string', bool: 'boolean', bytes: 'Uint8Array' }[type] ?? type;
}

/** Without options and comments: what the codecs need. */
function stripped(types) {
  return JSON.parse(
    JSON.stringify(types, (key, value) => (key === 'options' || key === 'edition' ? undefined : value)),
  );
}

import { z } from 'zod';
import { StackError } from './processes/errors.ts';
import { readJsonFile } from './processes/json-file.ts';

const processFields = {
  /** Null between the end of a process and its next start, and for an engine that is not ours. */
  pid: z.number().nullable(),
  state: z.enum(['starting', 'ready', 'restarting', 'stopped', 'given']),
  restarts: z.number(),
  lastExit: z.string().nullable(),
};
const httpFields = { url: z.string(), metricsUrl: z.string(), healthUrl: z.string(), liveUrl: z.string() };

const processDescription = z.object(processFields);
const replicaDescription = z.object({ ...httpFields, ...processFields });
const serviceDescription = z.object({
  ...httpFields,
  pids: z.array(z.number()),
  replicas: z.array(replicaDescription),
});
const acquirerDescription = z.object({
  id: z.string(),
  profile: z.enum(['iso87a', 'iso87b']),
  host: z.string(),
  port: z.number(),
  book: z.string(),
  ...httpFields,
  ...processFields,
});

const stackDescription = z.object({
  state: z.enum(['up', 'stopped']),
  supervisor: z.number(),
  kafka: z.string(),
  postgres: z.string(),
  redis: z.string(),
  roles: z.record(z.string(), z.string()),
  services: z.record(z.string(), serviceDescription),
  acquirers: z.array(acquirerDescription),
  engines: z.object({ kafka: processDescription, postgres: processDescription, redis: processDescription }),
  topics: z.array(z.string()),
  protoRoot: z.string(),
  logs: z.string(),
  /** Where clients call: the front door, null where the stack runs none. */
  url: z.string().nullable(),
  /** 64 hex digits; from it every client's key follows, so the file is its owner's only. */
  apiMasterKey: z.string(),
  /** Where settlement's files are. */
  files: z.string(),
});

export type ProcessDescription = z.infer<typeof processDescription>;
export type ReplicaDescription = z.infer<typeof replicaDescription>;
export type ServiceDescription = z.infer<typeof serviceDescription>;
export type AcquirerDescription = z.infer<typeof acquirerDescription>;

/** What `--json FILE` holds (design §9): where everything is, and every process id as of now. */
export type StackDescription = z.infer<typeof stackDescription>;

/**
 * Reads the file an `up --json FILE` keeps current.
 * @throws StackError when there is none, or its stack has been stopped.
 */
export function readStack(file: string): StackDescription {
  const raw = readJsonFile(file);
  if (raw === undefined) throw new StackError(`There is no ${file}. Start a stack: npm run stack -- up --json ${file}`);
  const description = stackDescription.parse(raw);
  if (description.state === 'stopped')
    throw new StackError(`The stack of ${file} was stopped. Start one: npm run stack -- up --json ${file}`);
  return description;
}

import { z } from 'zod';
import { writeUpstreamBook } from './write-upstream-book.ts';

// A process of its own, which knows the topic and nothing else of the switch: the third book.
const request = z.object({ brokers: z.array(z.string()), path: z.string(), topic: z.string().optional() });

const { topic, ...parsed } = request.parse(JSON.parse(process.argv[2] ?? '{}'));
const count = await writeUpstreamBook({ ...parsed, ...(topic === undefined ? {} : { topic }) });
process.send?.(count);
if (process.connected) process.disconnect();

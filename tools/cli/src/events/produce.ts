import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { encodeOperationRequested, topics } from '@fourway/contracts';
import { SwitchError, uuidV7 } from '@fourway/kernel';
import { EventProducer } from '@fourway/platform-stream';
import { parseOperation } from './parse-operation.ts';

export interface ProduceOptions {
  readonly brokers: readonly string[];
  /** `-` reads standard input. */
  readonly file: string;
  /** False also sends what the switch will refuse. */
  readonly checked: boolean;
  readonly onSent: (operationId: string) => void;
}

const linesPerSend = 1_000;

/**
 * Produces the operations of a JSON-lines file, in their order.
 * @throws SwitchError `undecodable` with line, field, rule and remedy at the first line that is wrong; the lines before it are sent
 */
export async function produceOperations({ brokers, file, checked, onSent }: ProduceOptions): Promise<number> {
  const producer = new EventProducer({ brokers, clientId: 'fourway-cli' });
  await producer.connect();
  try {
    let lineNo = 0;
    let sent = 0;
    let batch: ReturnType<typeof messageOf>[] = [];
    const flush = async (): Promise<void> => {
      await producer.send(topics.requested.name, batch);
      batch.forEach(({ key }) => onSent(key));
      sent += batch.length;
      batch = [];
    };
    for await (const line of createInterface({
      input: file === '-' ? process.stdin : createReadStream(file, 'utf8'),
    })) {
      lineNo += 1;
      if (line.trim() === '') continue;
      const parsed = parseOperation(
        line,
        { nowMs: Date.now(), newId: () => uuidV7(Date.now(), randomBytes(10)) },
        checked,
      );
      if (parsed.kind === 'faults') {
        await flush();
        const text = parsed.faults.map(
          ({ field, code, rule, remedy }) => `${field}: ${code}; rule: ${rule}; do: ${remedy}`,
        );
        throw new SwitchError(
          'undecodable',
          `${file}, line ${lineNo}, not sent (${sent} lines before it were):\n  ${text.join('\n  ')}`,
        );
      }
      batch.push(messageOf(parsed.request));
      if (batch.length === linesPerSend) await flush();
    }
    await flush();
    return sent;
  } finally {
    await producer.disconnect();
  }
}

const messageOf = (request: Parameters<typeof encodeOperationRequested>[0]): { key: string; value: Buffer } => ({
  key: request.rootId,
  value: encodeOperationRequested(request),
});

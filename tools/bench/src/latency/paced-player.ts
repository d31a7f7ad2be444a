import { decodeOutcome, topics } from '@fourway/contracts';
import { defined, sleep } from '@fourway/kernel';
import { EventProducer, readTopic, type EventMessage, type StreamRecord } from '@fourway/platform-stream';
import { createWorld, plainMix, traffic, type TrafficItem } from '@fourway/world';
import { longestExpiryMs } from '../throughput/run-plan.ts';
import { percentilesOf } from '../figures/percentiles.ts';
import { pacedRequestSchema, type PacedFigures, type PacedRequest } from './paced-run.ts';

// A process of its own, see run-paced.ts: nothing else runs where latencies are taken.

const tickMs = 2;
const joinMs = 4_000;
const lastAnswersMs = 10_000;

class PacedPlayer {
  readonly #request: PacedRequest;
  readonly #messages: readonly EventMessage[];
  readonly #dueMs = new Map<string, number>();
  readonly #latencies: number[] = [];
  #seen = 0;
  #sent = 0;
  #measuredFromMs = Infinity;

  constructor(request: PacedRequest) {
    const { rate, seconds, seed, merchants } = request;
    this.#request = request;
    const payments = Math.floor(rate * seconds);
    // Made before the clock starts: what making them costs is not the switch's.
    const sales = { payments, seed: seed + 1, mix: plainMix, expiresAfterMs: longestExpiryMs };
    this.#messages = [...traffic(createWorld({ seed, merchants }), sales)].map(messageOf);
  }

  async run(): Promise<PacedFigures> {
    const { brokers, outcomesFrom } = this.#request;
    const connection = { brokers, clientId: 'fourway-bench' };
    const stopping = new AbortController();
    const topic = topics.outcomes.name;
    const from = outcomesFrom.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }));
    const onRecords = (records: readonly StreamRecord[]): void => this.#take(records, performance.now());
    const reading = readTopic({ ...connection, topic, from, onRecords, follow: true, signal: stopping.signal });
    const producer = new EventProducer(connection);
    await producer.connect();
    await sleep(joinMs);
    await this.#send(producer);
    await this.#awaitAnswers();
    stopping.abort();
    await reading;
    await producer.disconnect();
    const { length: measured } = this.#latencies;
    const measuredFromMs = Math.round(performance.timeOrigin + this.#measuredFromMs);
    return {
      ...{ sent: this.#sent, seen: this.#seen, measured, measuredFromMs },
      latencyMs: percentilesOf(this.#latencies),
    };
  }

  async #send(producer: EventProducer): Promise<void> {
    const { rate, seconds } = this.#request;
    const startMs = performance.now();
    const total = Math.floor(rate * seconds);
    this.#measuredFromMs = startMs + (seconds * 1_000) / 2;
    while (this.#sent < total) {
      const due = Math.min(total, Math.floor(((performance.now() - startMs) * rate) / 1_000));
      const messages: EventMessage[] = [];
      for (; this.#sent < due; this.#sent += 1) messages.push(this.#next(startMs + (this.#sent * 1_000) / rate));
      // Not awaited: what is due does not wait for what was sent. A refusal ends the process.
      if (messages.length > 0) void producer.send(topics.requested.name, messages);
      await sleep(tickMs);
    }
  }

  #next(dueMs: number): EventMessage {
    const message = defined(this.#messages[this.#sent], 'a request');
    this.#dueMs.set(String(message.key), dueMs);
    return message;
  }

  #take(records: readonly StreamRecord[], readMs: number): void {
    for (const { value } of records) {
      const operationId = value === null ? undefined : decodeOutcome(value)?.operationId;
      if (operationId === undefined) continue;
      const dueMs = this.#dueMs.get(operationId);
      if (dueMs === undefined) continue;
      this.#dueMs.delete(operationId);
      this.#seen += 1;
      if (dueMs >= this.#measuredFromMs) this.#latencies.push(readMs - dueMs);
    }
  }

  async #awaitAnswers(): Promise<void> {
    const untilMs = performance.now() + lastAnswersMs;
    while (this.#dueMs.size > 0 && performance.now() < untilMs) await sleep(20);
  }
}

function messageOf({ records: [record] }: TrafficItem): EventMessage {
  const { key, value } = defined(record, 'a request');
  return { key, value };
}

const request = pacedRequestSchema.parse(JSON.parse(process.argv[2] ?? ''));
const figures = await new PacedPlayer(request).run();
process.send?.(figures, () => process.exit(0));

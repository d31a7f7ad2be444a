import type { BookEntry } from './book-entry.ts';
import type { RecordedAnswer } from './payments.ts';

/** What the host has done since it started. */
export class HostCounters {
  /** Requests answered or recorded, by kind and response code. */
  readonly answers = new Map<string, number>();
  repeated = 0;
  /** Requests with missing elements, or for another acquirer. */
  refused = 0;
  /** Messages of a type this host does not serve. */
  unsupported = 0;
  /** Messages that the behaviour said not to answer. */
  swallowed = 0;
  undecodable = 0;
  connections = 0;
  openConnections = 0;

  answered(kind: BookEntry['type'], answer: RecordedAnswer): void {
    const key = `kind="${kind}",response_code="${answer.responseCode}"`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
    if (answer.repeated) this.repeated += 1;
  }

  /** Prometheus' text format. */
  render(gauges: Readonly<Record<string, number>>): string {
    const { repeated, refused, unsupported, swallowed, undecodable, connections, openConnections } = this;
    const totals = { repeated, refused, unsupported, swallowed, undecodable, connections };
    const lines = [
      '# TYPE acquirer_simulator_answers_total counter',
      ...[...this.answers].map(([labels, count]) => `acquirer_simulator_answers_total{${labels}} ${count}`),
    ];
    for (const [name, value] of Object.entries(totals)) {
      lines.push(`# TYPE acquirer_simulator_${name}_total counter`, `acquirer_simulator_${name}_total ${value}`);
    }
    for (const [name, value] of Object.entries({ ...gauges, open_connections: openConnections })) {
      lines.push(`# TYPE acquirer_simulator_${name} gauge`, `acquirer_simulator_${name} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

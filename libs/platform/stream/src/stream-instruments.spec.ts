import { describe, it, expect } from '@jest/globals';
import { Metrics } from '@fourway/platform-observability';
import { StreamInstruments } from './stream-instruments.ts';

describe('StreamInstruments', () => {
  it('tells lag and refusal by partition, and counts by group', async () => {
    const metrics = new Metrics('spec');
    const instruments = new StreamInstruments(metrics);
    const partitions = [{ topic: 't', partition: 2, lagRecords: 7, openRecords: 1, refused: true }];
    instruments.watch('g', {
      statistics: () => ({ partitions, openRecords: 1, batchesInFlight: 0, lastProgressMs: 5_000 }),
    });
    instruments.for('g').count('rebalances');
    instruments.for('g').batchHandled(30, 4);
    const text = await metrics.text();
    expect(text).toMatch(/switch_stream_lag_records\{group="g",topic="t",partition="2",service="spec"\} 7/);
    expect(text).toMatch(/switch_stream_partition_refused\{group="g",topic="t",partition="2",service="spec"\} 1/);
    expect(text).toMatch(/switch_stream_events_total\{group="g",event="rebalances",service="spec"\} 1/);
    expect(text).toMatch(/switch_stream_last_progress_timestamp_seconds\{group="g",service="spec"\} 5\n/);
  });
});

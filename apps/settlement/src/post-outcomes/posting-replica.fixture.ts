import { topics } from '@fourway/contracts';
import { Metrics } from '@fourway/platform-observability';
import type { Database } from '@fourway/platform-postgres';
import type { StreamRecord, TopicPartitionOffset } from '@fourway/platform-stream';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { FeeContracts } from '../project-directory/fee-contracts.ts';
import { PaymentFactsRepository } from '../post-follow-ups/payment-facts.repository.ts';
import { OpenCycles } from './open-cycles.ts';
import { OutcomeCursors } from './outcome-cursors.ts';
import { nowMs, RememberingBatch } from './outcomes.fixture.ts';
import { PostOutcomes } from './post-outcomes.handler.ts';
import { PostingMetrics } from './posting-metrics.ts';
import { PostingRepository } from './posting.repository.ts';

/** One process of settlement: its own memory of contracts, cursors and cycles, on the same database. */
export interface PostingReplica {
  readonly handle: (records: readonly StreamRecord[]) => Promise<RememberingBatch>;
  readonly contracts: FeeContracts;
  readonly rewinds: readonly TopicPartitionOffset[];
}

export async function postingReplica(
  database: Database,
  { directoryDeadlineMs = 1, slot = 0 } = {},
): Promise<PostingReplica> {
  const rewinds: TopicPartitionOffset[] = [];
  const repository = new PostingRepository(database, topics.outcomes.name);
  const contracts = new FeeContracts();
  contracts.publish(await new FeeContractRepository(database).newest());
  const handler = new PostOutcomes({
    slot: () => slot,
    clock: { nowMs: () => nowMs },
    ...{ contracts, repository, directoryDeadlineMs },
    payments: new PaymentFactsRepository(database),
    cursors: new OutcomeCursors({ repository, rewind: (to) => rewinds.push(to) }),
    cycles: new OpenCycles(database),
    metrics: new PostingMetrics(new Metrics('settlement')),
  });
  const handle = async (records: readonly StreamRecord[]): Promise<RememberingBatch> => {
    const batch = new RememberingBatch(records);
    await handler.handle(batch);
    return batch;
  };
  return { handle, contracts, rewinds };
}

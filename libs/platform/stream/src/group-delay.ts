import type { Admin } from 'kafkajs';
import type { GroupOnTopic } from './consumer-groups.ts';
import type { GroupStanding } from './drain-pace.ts';
import { connectTo } from './kafka-client.ts';

/** Tells what a group leaves undone of a topic, by the broker's clock and over one connection that it keeps. */
export class GroupDelay {
  readonly #options: GroupOnTopic;
  #admin: Admin | undefined;

  constructor(options: GroupOnTopic) {
    this.#options = options;
  }

  /**
   * Overdue is a record that was appended before that time and is not committed. Offsets are committed by the clock, so a bound
   * below a second or two tells nothing. Rejects while the broker cannot be asked.
   * @param timeMs milliseconds since the Unix epoch
   */
  async standing(timeMs: number): Promise<GroupStanding> {
    const { topic, groupId } = this.#options;
    try {
      const admin = await this.#connected();
      // In this order, so that what is committed meanwhile is not held against the group.
      const due = await admin.fetchTopicOffsetsByTimestamp(topic, timeMs);
      const ends = await admin.fetchTopicOffsets(topic);
      const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return standingOf({ due, ends, committed: committed?.partitions ?? [] });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** It may be asked again afterwards. */
  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.disconnect().catch(() => undefined);
  }

  async #connected(): Promise<Admin> {
    if (this.#admin !== undefined) return this.#admin;
    const admin = connectTo(this.#options).admin();
    await admin.connect();
    this.#admin = admin;
    return admin;
  }
}

interface PartitionOffset {
  readonly partition: number;
  readonly offset: string;
}

interface Offsets {
  readonly due: readonly PartitionOffset[];
  readonly ends: readonly (PartitionOffset & { readonly low: string })[];
  readonly committed: readonly PartitionOffset[];
}

/** A partition without an offset of the group's stands where its log begins. */
function standingOf({ due, ends, committed }: Offsets): GroupStanding {
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
  let [isOverdue, done, waiting] = [false, 0, 0];
  for (const { partition, offset, low } of ends) {
    const stored = offsets.get(partition) ?? -1n;
    const doneTo = stored < 0n ? BigInt(low) : stored;
    const before = BigInt(due.find((each) => each.partition === partition)?.offset ?? low);
    isOverdue ||= doneTo < before;
    done += Number(doneTo);
    waiting += Math.max(0, Number(BigInt(offset) - doneTo));
  }
  return { isOverdue, done, waiting };
}

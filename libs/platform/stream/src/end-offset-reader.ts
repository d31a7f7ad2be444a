import type { Admin } from 'kafkajs';
import { connectTo, type KafkaConnection } from './kafka-client.ts';

/** Reads again and again how many records topics ever had, over one connection: who looks often should not be what is seen. */
export class EndOffsetReader {
  readonly #admin: Admin;

  private constructor(admin: Admin) {
    this.#admin = admin;
  }

  static async connect(connection: KafkaConnection): Promise<EndOffsetReader> {
    const admin = connectTo(connection).admin();
    await admin.connect();
    return new EndOffsetReader(admin);
  }

  /** Records ever written to a topic, over its partitions. Rejects where there is no such topic. */
  async recordsIn(topic: string): Promise<number> {
    const bounds = await this.#admin.fetchTopicOffsets(topic);
    return bounds.reduce((sum, { high }) => sum + Number(high), 0);
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }
}

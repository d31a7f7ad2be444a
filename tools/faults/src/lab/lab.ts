import { brokersOf, prepareWorld } from '@fourway/cli';
import type { StackDescription } from '@fourway/stack';
import { createWorld, type World } from '@fourway/world';
import { followTopics } from '../timeline/follow-topics.ts';
import { OperationTimeline } from '../timeline/operation-timeline.ts';
import { LabDatabase } from './settled-books.ts';
import type { StackHandle } from './stack-handle.ts';

export interface LabOptions {
  readonly seed: number;
  readonly merchants: number;
  /** Operations a fault runs under, at least. */
  readonly payments: number;
  /** Payments per second. */
  readonly rate: number;
  /** Kills of `random-service-kills`. */
  readonly kills: number;
}

/** Everything a fault needs: the stack, its world, and what the topics say about every operation. */
export interface Lab {
  readonly options: LabOptions;
  readonly stack: () => StackDescription;
  readonly world: World;
  readonly timeline: OperationTimeline;
  readonly database: LabDatabase;
  readonly close: () => Promise<void>;
}

export async function openLab(handle: StackHandle, options: LabOptions): Promise<Lab> {
  const stack = handle.current();
  const world = createWorld({ seed: options.seed, merchants: options.merchants });
  await prepareWorld(stack, world);
  const timeline = new OperationTimeline();
  const stopFollowing = followTopics(brokersOf(stack), timeline);
  const database = new LabDatabase(stack);
  return {
    ...{ options, stack: handle.current, world, timeline, database },
    close: async () => {
      await Promise.all([stopFollowing(), database.close()]);
    },
  };
}

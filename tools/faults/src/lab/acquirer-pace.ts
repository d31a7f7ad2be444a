import { changeBehaviour } from '@fourway/cli';
import type { StackDescription } from '@fourway/stack';
import { acquirerAmountRules } from '@fourway/world';

/** Acquirers take their time, so that payments are in flight whenever something is killed. */
export const acquirerBehaviour = { latencyMs: { p50: 30, p99: 60 }, amountRules: acquirerAmountRules };

export async function slowAcquirers({ acquirers }: StackDescription): Promise<void> {
  await Promise.all(acquirers.map((acquirer) => changeBehaviour(acquirer, acquirerBehaviour)));
}

import { acquirerAmountRules } from '@fourway/world';
import { SwitchError } from '@fourway/kernel';

/** Where an acquirer simulator is controlled. */
export interface AcquirerControl {
  readonly id: string;
  readonly url: string;
}

/**
 * Changes how a simulated acquirer behaves; the members are in apps/acquirer-simulator/src/behaviour.ts.
 * @throws SwitchError `config_invalid` when it refuses
 */
export async function changeBehaviour({ id, url }: AcquirerControl, change: object): Promise<void> {
  const response = await fetch(`${url}/behaviour`, { method: 'POST', body: JSON.stringify(change) });
  if (!response.ok)
    throw new SwitchError(
      'config_invalid',
      `acquirer ${id} refuses ${JSON.stringify(change)}: ${await response.text()}`,
    );
}

/** Has the acquirers decline the amounts by which generated traffic asks for a decline. */
export const setAmountRules = async (acquirers: readonly AcquirerControl[]): Promise<void> => {
  await Promise.all(acquirers.map((acquirer) => changeBehaviour(acquirer, { amountRules: acquirerAmountRules })));
};

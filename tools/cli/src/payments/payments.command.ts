import { Command } from 'commander';
import { isUuid, SwitchError } from '@fourway/kernel';
import { brokersOf, stackOf } from '../stack-file.ts';
import { paymentStory } from './payment-story.ts';
import { storyTable } from './story-table.ts';

export const paymentsCommand = (): Command =>
  new Command('payments')
    .description('payments')
    .addCommand(
      new Command('show')
        .description('the whole story of a payment, from every topic, table and book')
        .argument('<id>', 'operation id')
        .option('--stack <file>', "the stack's description; default this checkout's own")
        .action(show),
    );

async function show(id: string, options: { readonly stack?: string }): Promise<void> {
  if (!isUuid(id))
    throw new SwitchError('not_found', `${id} is no operation id: give a UUID in lower case with dashes`);
  const stack = stackOf(options);
  const story = await paymentStory(id, {
    ...{ brokers: brokersOf(stack), postgresUrl: stack.postgres },
    acquirerBooks: stack.acquirers.map((acquirer) => ({ acquirerId: acquirer.id, path: acquirer.book })),
  });
  if (story.length === 0) throw new SwitchError('not_found', `no topic, table or book knows ${id}`);
  console.log(storyTable(story));
}

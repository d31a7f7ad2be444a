import { Command } from 'commander';
import { apiCommand } from './api/api.command.ts';
import { booksCommand } from './books/books.command.ts';
import { cycleCommand } from './cycle/cycle.command.ts';
import { dlqCommand } from './dlq/dlq.command.ts';
import { eventsCommand } from './events/events.command.ts';
import { hotDataCommand } from './hot-data/hot-data.command.ts';
import { paymentsCommand } from './payments/payments.command.ts';
import { recoverCommand } from './recover/recover.command.ts';
import { worldCommand } from './world/world.command.ts';

const program = new Command('fourway')
  .description("the operator's command line of the switch")
  .addCommand(worldCommand())
  .addCommand(eventsCommand())
  .addCommand(paymentsCommand())
  .addCommand(dlqCommand())
  .addCommand(cycleCommand())
  .addCommand(hotDataCommand())
  .addCommand(booksCommand())
  .addCommand(recoverCommand())
  .addCommand(apiCommand());

try {
  await program.parseAsync();
} catch (error) {
  // People get the sentence; the stack is for defects, which have no code.
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}

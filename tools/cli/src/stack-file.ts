import { fileURLToPath } from 'node:url';
import { readStack, type StackDescription } from '@fourway/stack';

/** Where a stack of this checkout describes itself. */
const ownStackFile = fileURLToPath(new URL('../../../.fourway/stack.json', import.meta.url));

/** The running stack a command works on: `--stack FILE`, else this checkout's own. */
export const stackOf = ({ stack }: { readonly stack?: string | undefined }): StackDescription =>
  readStack(stack ?? ownStackFile);

export const brokersOf = ({ kafka }: Pick<StackDescription, 'kafka'>): string[] => kafka.split(',');

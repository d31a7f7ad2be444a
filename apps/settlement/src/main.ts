import { startService } from '@fourway/platform-http';
import { readConfig } from './config.ts';
import { composeSettlement } from './settlement.module.ts';

const config = readConfig();
await startService(config, (context) => composeSettlement(config, context));

import { startService } from '@fourway/platform-http';
import { AcquirerRoutingModule } from './acquirer-routing.module.ts';
import { readConfig } from './config.ts';

const config = readConfig();
await startService(config, async (context) => AcquirerRoutingModule.compose(config, context));

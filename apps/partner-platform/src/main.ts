import { startService } from '@fourway/platform-http';
import { readConfig } from './config.ts';
import { composePartnerPlatform } from './partner-platform.module.ts';

const config = readConfig();
/** An import is read as fast as it is written. */
const requestTimeoutMs = 300_000;

await startService(config, (context) => composePartnerPlatform(config, context), { requestTimeoutMs });

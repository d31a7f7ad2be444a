import { startService } from '@fourway/platform-http';
import { readConfig } from './config.ts';
import { composeRiskScoring } from './risk-scoring.module.ts';

const config = readConfig();
await startService(config, (context) => composeRiskScoring(config, context));

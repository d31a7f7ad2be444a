import { startService } from '@fourway/platform-http';
import { readConfig } from './config.ts';
import { composeQrPayment } from './qr-payment.module.ts';

const config = readConfig();
await startService(config, (context) => composeQrPayment(config, context));

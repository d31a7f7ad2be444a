import { once } from 'node:events';
import { AcquirerHost } from './acquirer-host.ts';
import { loadConfig } from './config.ts';
import { createControlServer } from './control-server.ts';
import { IsoServer } from './iso-server.ts';
import { Payments } from './payments.ts';

const config = loadConfig();
const payments = new Payments(config.bookPath);
const host = new AcquirerHost({ acquirerId: config.acquirerId, payments, behaviour: config.behaviour });
const iso = new IsoServer({ host, payments, port: config.isoPort, profile: config.profile });
const control = createControlServer({ host, iso, payments });

const say = (event: string, detail: object): void => {
  process.stdout.write(`${JSON.stringify({ event, acquirerId: config.acquirerId, ...detail })}\n`);
};

async function stop(): Promise<void> {
  await iso.stop();
  payments.close();
  control.close();
  control.closeAllConnections();
  say('stopped', { payments: payments.count });
  process.exit(0);
}

control.listen(config.httpPort);
await once(control, 'listening');
await iso.obey(config.behaviour.refuseConnections);
const address = control.address();
say('listening', {
  isoPort: iso.port,
  isoProfile: config.profile.name,
  httpPort: typeof address === 'object' ? address?.port : undefined,
  payments: payments.count,
});
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());

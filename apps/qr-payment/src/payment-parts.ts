import { sleep, systemClock } from '@fourway/kernel';
import { topics } from '@fourway/contracts';
import type { HealthProbe, ServiceContext } from '@fourway/platform-http';
import { isTransient } from '@fourway/platform-postgres';
import { deriveApiKey } from '@fourway/platform-signing';
import { StreamConsumer, StreamInstruments, type StreamConsumerOptions } from '@fourway/platform-stream';
import { Breakpoint } from './breakpoint.ts';
import { CloseOrder } from './close-order/close-order.handler.ts';
import { CompletePayment } from './complete-payment/complete-payment.handler.ts';
import { CompletePaymentRepository } from './complete-payment/complete-payment.repository.ts';
import { OutcomeFollower } from './complete-payment/outcome-follower.ts';
import type { QrPaymentConfig } from './config.ts';
import { CreateOrder } from './create-order/create-order.handler.ts';
import { CreateOrderRepository } from './create-order/create-order.repository.ts';
import { HotProfiles } from './directory/hot-profiles.ts';
import { MerchantDirectory } from './directory/merchant-directory.ts';
import { MerchantRepository } from './directory/merchant.repository.ts';
import { ProjectDirectory } from './directory/project-directory.handler.ts';
import { Callers } from './edge/callers.ts';
import { Engines } from './engines.ts';
import { OrderRepository } from './order/order.repository.ts';
import { PaymentMetrics } from './payment-metrics.ts';
import { PayOrder } from './pay-order/pay-order.handler.ts';
import { PayOrderRepository } from './pay-order/pay-order.repository.ts';
import { openDoor, type OpenDoor } from './sales-door/open-door.ts';
import { OutboxRepository } from './publish-outbox/outbox.repository.ts';
import { PublishOutbox } from './publish-outbox/publish-outbox.handler.ts';
import { QueryOrder } from './query-order/query-order.handler.ts';
import { WaitingCallers } from './wait/waiting-callers.ts';

/** What the service is made of, connected and not started. */
export interface PaymentParts {
  /** Writes changes of merchants that the hot copy did not take. */
  readonly settleHotData: () => Promise<void>;
  readonly engines: Engines;
  readonly entry: OpenDoor;
  readonly metrics: PaymentMetrics;
  readonly outboxRows: OutboxRepository;
  readonly outbox: PublishOutbox;
  readonly follower: OutcomeFollower;
  readonly consumers: readonly StreamConsumer[];
  /** What controllers ask for. */
  readonly handlers: readonly object[];
}

/** Names every adapter, and connects them. */
export function paymentParts(config: QrPaymentConfig, context: ServiceContext): PaymentParts {
  const { logger } = context;
  const clock = systemClock;
  const engines = new Engines(config, logger);
  const callers = new WaitingCallers(context.closing);
  const metrics = new PaymentMetrics(context.metrics, { waitingCallers: () => callers.count });
  const connection = { brokers: config.kafkaBrokers, clientId: `${config.service}-${config.replica}`, logger };
  const entry = openDoor(config, connection, (code, principal) => metrics.turnedAway(code, principal));
  const merchants = new MerchantRepository(engines);
  const hot = new HotProfiles(engines.hotData);
  const directory = new MerchantDirectory({ hot, repository: merchants, clock });
  const orders = new OrderRepository(engines);
  const outboxRows = new OutboxRepository(engines, config);
  const outbox = new PublishOutbox({
    ...{ repository: outboxRows, producer: engines.producer, logger },
    onResent: (count) => metrics.resent(count),
  });
  const completePayment = new CompletePayment({ repository: new CompletePaymentRepository(engines), callers });
  const handlers = [
    new Callers({ masterKey: config.apiMasterKey, directory, clock }),
    new CreateOrder({
      ...{ repository: new CreateOrderRepository(engines), clock },
      onCreated: (count) => metrics.ordersCreated(count),
    }),
    entry.door,
    new QueryOrder(orders, callers),
    new CloseOrder({ queries: engines, orders, callers }),
    new PayOrder({
      ...{ repository: new PayOrderRepository(engines, config), orders, outbox, callers, clock },
      breakpoint: new Breakpoint(config.breakpoint),
      door: entry.door,
      hashKey: deriveApiKey(config.apiMasterKey, 'internal:payment-hash', 1),
      callerWaitMs: config.callerWaitMs,
      onMade: () => metrics.paymentMade(),
    }),
    orders,
  ];
  const consumers = consumersOf(config, context, {
    completePayment,
    projectDirectory: new ProjectDirectory(merchants, hot),
  });
  const follower = new OutcomeFollower({
    connection,
    topics: [topics.outcomes.name, topics.refused.name],
    onRecords: (records) => completePayment.handleForCallers(records),
    pace: () => paceFor(callers),
    onGap: () => callers.wakeAll(),
    logger,
  });
  const settleHotData = (): Promise<void> => hot.settle((ids) => merchants.profilesOf(ids));
  return { engines, entry, metrics, outboxRows, outbox, follower, consumers, handlers, settleHotData };
}

const idlePaceMs = 500;
const awaitedPaceMs = 2;

/** While somebody waits, as fast as it goes; else only so often that little has to be read when somebody comes. */
async function paceFor(callers: WaitingCallers): Promise<void> {
  await callers.somebody(idlePaceMs);
  await sleep(awaitedPaceMs);
}

interface Readers {
  readonly completePayment: CompletePayment;
  readonly projectDirectory: ProjectDirectory;
}

/** Callers are served while the group rebalances, which takes all replicas at once: only before the first assignment is there a reason to wait. */
function onceReady(probe: HealthProbe): HealthProbe {
  let wasReady = false;
  return () => {
    const health = probe();
    wasReady ||= health.ready;
    return { ...health, ready: wasReady };
  };
}

function consumersOf(
  config: QrPaymentConfig,
  context: ServiceContext,
  { completePayment, projectDirectory }: Readers,
): StreamConsumer[] {
  const { logger, metrics } = context;
  const instruments = new StreamInstruments(metrics);
  const consumer = (groupId: string, options: Pick<StreamConsumerOptions, 'topics' | 'handle'>): StreamConsumer => {
    const made = new StreamConsumer({
      ...options,
      ...{ groupId, isTransient, logger, brokers: config.kafkaBrokers, metrics: instruments.for(groupId) },
      clientId: `${config.service}-${config.replica}`,
      isOnlyOfItsName: true,
      handleAll: true,
      maxInFlightBatches: 1,
      // Whoever waits is served by the follower.
      fetchPauseMs: 50,
    });
    instruments.watch(groupId, made);
    context.addHealthProbe(onceReady(() => made.health()));
    return made;
  };
  return [
    consumer('qr-payment', {
      topics: [topics.outcomes.name, topics.refused.name],
      handle: (batch) => completePayment.handle(batch),
    }),
    consumer('qr-payment.directory', {
      topics: [topics.directory.name],
      handle: (batch) => projectDirectory.handle(batch),
    }),
  ];
}

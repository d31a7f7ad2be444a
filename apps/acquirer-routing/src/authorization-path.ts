import { systemClock } from '@fourway/kernel';
import type { ServiceContext } from '@fourway/platform-http';
import { AcquirerLinks } from './acquirers/acquirer-links.ts';
import { AnswerOperations } from './answer-operation/answer-operations.ts';
import { AuthorizePaymentHandler } from './authorize-payment/authorize-payment.handler.ts';
import { ClaimRepository } from './authorize-payment/claim.repository.ts';
import { OpenOperations } from './authorize-payment/open-operations.ts';
import { BatchStage } from './batch-stage.ts';
import type { RoutingConfig } from './config.ts';
import { DecideOutcomeHandler } from './decide-outcome/decide-outcome.handler.ts';
import { OutcomeRepository } from './decide-outcome/outcome.repository.ts';
import type { MerchantDirectory } from './directory/merchant-directory.ts';
import { newWriterId, type Engines } from './engines.ts';
import { ParkOperationHandler } from './park-operation/park-operation.handler.ts';
import { ParkedRepository } from './park-operation/parked.repository.ts';
import { TakeUpParkedHandler } from './park-operation/take-up-parked.handler.ts';
import { ReverseAttemptHandler } from './reverse-attempt/reverse-attempt.handler.ts';
import { ReversalRepository, type ReversalAcknowledgement } from './reverse-attempt/reversal.repository.ts';
import { RoutingMetrics } from './routing-metrics.ts';

/** Beyond send window and answer time: how long the owner of a claim may take to store what it knows, milliseconds. */
const storeMarginMs = 3_000;

export interface AuthorizationPath {
  readonly links: AcquirerLinks;
  readonly authorize: AuthorizePaymentHandler;
  readonly parking: ParkOperationHandler;
  readonly takeUp: TakeUpParkedHandler;
  readonly reversals: ReverseAttemptHandler;
  readonly reportBacklogs: () => Promise<void>;
}

/** Wires the use cases of the authorization path together. */
export function authorizationPath(config: RoutingConfig, context: ServiceContext, engines: Engines, directory: MerchantDirectory): AuthorizationPath {
  const { logger } = context;
  const clock = systemClock;
  const onFatal = (error: unknown): void => {
    logger.fatal({ err: error }, 'an operation cannot be finished by this process');
    process.exit(1);
  };
  const open = new OpenOperations();
  const metrics = new RoutingMetrics(context.metrics, () => open.size);
  const claims = new ClaimRepository(engines, newWriterId());
  const parked = new ParkedRepository(engines);
  const reversalQueue = new ReversalRepository(engines);
  const answers = new AnswerOperations({
    clock,
    open,
    onFatal,
    producer: engines,
    unpark: (operationIds) => parked.remove(operationIds),
    onAnswered: (outcomes) => metrics.answered(outcomes),
    onRefused: (code, count) => metrics.refused(code, count),
  });
  const outcomes = new DecideOutcomeHandler({ clock, claims, answers, onFatal, outcomes: new OutcomeRepository(engines) });
  const takeUpAfterMs = config.sendWindowMs + config.answerTimeoutMs + storeMarginMs;
  const parking = new ParkOperationHandler({ clock, open, parked, answers, onFatal, takeUpAfterMs, parkAfterMs: config.parkAfterMs });
  const acknowledgements = new BatchStage<ReversalAcknowledgement>({
    work: (batch) => reversals.acknowledged(batch),
    maxBatch: 1_000,
    maxInFlight: 1,
    onError: onFatal,
  });
  const links = new AcquirerLinks({
    ...config,
    clock,
    maxInFlight: config.acquirerMaxInFlight,
    storeMarginMs,
    onAnswers: (classed) =>
      outcomes.decide(
        classed.flatMap(({ operationId, answer }) => {
          const operation = open.get(operationId);
          return operation === undefined ? [] : [{ operation, answer }];
        }),
      ),
    onReversalAnswers: (batch) => acknowledgements.push(batch),
    onBreakerChange: (acquirer, state) => {
      logger.warn({ acquirer, state }, 'breaker changed');
      metrics.breakerChanged(acquirer, state);
    },
  });
  const reversals = new ReverseAttemptHandler(reversalQueue, links);
  const takeUp = new TakeUpParkedHandler({
    ...{ clock, open, parked, claims, directory, outcomes, answers },
    onTakenUp: (count) => metrics.takenUp(count),
    onUnresolved: (operationId, reason) => logger.error({ operationId, reason }, 'a parked operation cannot be resolved'),
  });
  return {
    links,
    parking,
    takeUp,
    reversals,
    authorize: new AuthorizePaymentHandler({ clock, open, directory, claims, links, answers, outcomes, parking }),
    reportBacklogs: async () => metrics.backlogs(await parked.backlog(), await reversalQueue.backlog()),
  };
}

import { systemClock } from '@fourway/kernel';
import type { ServiceContext } from '@fourway/platform-http';
import { BatchStage } from '@fourway/platform-resilience';
import { AcquirerLinks } from './acquirers/acquirer-links.ts';
import { AnswerOperations } from './answer-operation/answer-operations.ts';
import { AuthorizePaymentHandler } from './authorize-payment/authorize-payment.handler.ts';
import { CallAcquirers } from './authorize-payment/call-acquirers.ts';
import { ClaimRepository } from './authorize-payment/claim.repository.ts';
import { mostOpenOperations } from './authorize-payment/open-bounds.ts';
import { OpenOperations } from './authorize-payment/open-operations.ts';
import type { RoutingConfig } from './config.ts';
import { DecideOutcomeHandler } from './decide-outcome/decide-outcome.handler.ts';
import type { Decision } from './decide-outcome/decision.ts';
import { OutcomeRepository } from './decide-outcome/outcome.repository.ts';
import type { MerchantDirectory } from './directory/merchant-directory.ts';
import { newWriterId, type Engines } from './engines.ts';
import type { DecideFollowUps } from './follow-up/decide-follow-ups.handler.ts';
import { decideFollowUpsOf, followUpPath } from './follow-up/follow-up-path.ts';
import type { FollowUpHandler } from './follow-up/follow-up.handler.ts';
import { ParkOperationHandler } from './park-operation/park-operation.handler.ts';
import { ParkedRepository } from './park-operation/parked.repository.ts';
import { PredecessorRepository } from './park-operation/predecessor.repository.ts';
import { TakeUpParkedHandler, type TakeUpDependencies } from './park-operation/take-up-parked.handler.ts';
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
  readonly followUps: FollowUpHandler;
  readonly reversals: ReverseAttemptHandler;
  readonly reportBacklogs: () => Promise<void>;
  /** Before the first record is read. Returns how many operations were still undecided. */
  readonly releasePredecessor: () => Promise<number>;
}

export interface PathOptions {
  readonly config: RoutingConfig;
  readonly context: Pick<ServiceContext, 'logger' | 'metrics'>;
  readonly engines: Engines;
  readonly directory: MerchantDirectory;
}

/** What every use case of the path works on. */
interface Foundation extends PathOptions {
  readonly clock: typeof systemClock;
  readonly open: OpenOperations;
  readonly claims: ClaimRepository;
  readonly parked: ParkedRepository;
  readonly metrics: RoutingMetrics;
  readonly onFatal: (error: unknown) => void;
}

/** Wires the use cases of the authorization path together. */
export function authorizationPath(options: PathOptions): AuthorizationPath {
  const foundation = foundationOf(options);
  const { config, engines, clock, open, claims, parked, metrics, onFatal, directory } = foundation;
  const answers = new AnswerOperations({
    clock,
    open,
    onFatal,
    producer: engines,
    unpark: (operations) => parked.remove(operations),
    onAnswered: (outcomes) => metrics.answered(outcomes),
    onRefused: (code, count) => metrics.refused(code, count),
  });
  const outcomeRepository = new OutcomeRepository(engines);
  const outcomes = new DecideOutcomeHandler({
    ...{ clock, claims, answers, onFatal },
    outcomes: outcomeRepository,
  });
  const onPayments = { clock, open, directory, engines, claims, parked, answers, onFatal, outcomes: outcomeRepository };
  const decideFollowUps = decideFollowUpsOf(onPayments);
  const reversalQueue = new ReversalRepository(engines);
  const links = linksOf(foundation, { outcomes, decideFollowUps, reversals: reversalQueue });
  const takeUpAfterMs = config.sendWindowMs + config.answerTimeoutMs + storeMarginMs;
  const calls = new CallAcquirers({
    ...{ clock, claims, links, outcomes },
    sendWindowMs: config.sendWindowMs,
    renewableForMs: takeUpAfterMs - storeMarginMs,
    onRenewed: (count) => metrics.renewed(count),
  });
  const { parkAfterMs } = config;
  const mostOpen = mostOpenOperations(config);
  const parking = new ParkOperationHandler({
    ...{ clock, open, parked, answers, onFatal, takeUpAfterMs, parkAfterMs, mostOpen },
  });
  const { followUps, takeUp: takeUpFollowUps } = followUpPath(onPayments, {
    ...{ decide: decideFollowUps, links, parkClaimed: parking, parkAfterMs, takeUpAfterMs },
    ...{ sendWindowMs: config.sendWindowMs, renewableForMs: takeUpAfterMs - storeMarginMs },
    earlyForMs: config.earlyForMs,
    claimHorizonDays: config.claimHorizonDays,
    admit: (incoming) => authorize.admit(incoming),
    onRenewed: (count) => metrics.renewed(count),
    onTakenUp: (count) => metrics.takenUp(count),
  });
  const authorize = new AuthorizePaymentHandler({
    ...{ clock, open, directory, claims, links, answers, calls, parking, followUps, onFatal },
    claimHorizonDays: config.claimHorizonDays,
  });
  return {
    ...{ links, parking, followUps, authorize },
    takeUp: takeUpOf(foundation, { outcomes, answers, takeUpAfterMs, followUps: takeUpFollowUps }),
    reversals: new ReverseAttemptHandler(reversalQueue, links),
    releasePredecessor: () =>
      new PredecessorRepository(engines).release({ replica: config.replica, self: claims.writer, takeUpAfterMs }),
    reportBacklogs: async () => metrics.backlogs(await parked.backlog(), await reversalQueue.backlog()),
  };
}

function foundationOf(options: PathOptions): Foundation {
  const { context, engines } = options;
  const open = new OpenOperations();
  return {
    ...options,
    open,
    clock: systemClock,
    claims: new ClaimRepository(engines, newWriterId(options.config.replica)),
    parked: new ParkedRepository(engines),
    metrics: new RoutingMetrics(context.metrics, () => open.size),
    onFatal: (error) => {
      context.logger.fatal({ err: error }, 'an operation cannot be finished by this process');
      process.exit(1);
    },
  };
}

interface LinkListeners {
  readonly outcomes: DecideOutcomeHandler;
  readonly decideFollowUps: DecideFollowUps;
  readonly reversals: ReversalRepository;
}

function linksOf(foundation: Foundation, { outcomes, decideFollowUps, reversals }: LinkListeners): AcquirerLinks {
  const { config, context, clock, open, metrics, onFatal } = foundation;
  const acknowledgements = new BatchStage<ReversalAcknowledgement>({
    work: (batch) => reversals.acknowledge(batch),
    maxBatch: 1_000,
    maxInFlight: 1,
    minIntervalMs: 20,
    onError: onFatal,
  });
  return new AcquirerLinks({
    ...config,
    clock,
    storeMarginMs,
    maxInFlight: config.acquirerMaxInFlight,
    onAnswers: (answers) => {
      const onPayments: Decision[] = [];
      outcomes.decide(
        answers.flatMap(({ operationId, answer }) => {
          const operation = open.get(operationId);
          if (operation === undefined) return [];
          if (operation.attempt?.onPayment === undefined) return [{ operation, answer }];
          onPayments.push({ operation, answer });
          return [];
        }),
      );
      if (onPayments.length > 0) decideFollowUps.decide(onPayments);
    },
    onReversalAnswers: (batch) => acknowledgements.push(batch),
    onLateAnswers: (count) => metrics.late(count),
    onBreakerChange: (acquirer, state) => {
      context.logger.warn({ acquirer, state }, 'breaker changed');
      metrics.breakerChanged(acquirer, state);
    },
  });
}

function takeUpOf(
  { clock, open, parked, claims, directory, metrics, context, config }: Foundation,
  path: Pick<TakeUpDependencies, 'outcomes' | 'answers' | 'followUps' | 'takeUpAfterMs'>,
): TakeUpParkedHandler {
  return new TakeUpParkedHandler({
    ...{ clock, open, parked, claims, directory },
    ...path,
    mostOpen: mostOpenOperations(config),
    onTakenUp: (count) => metrics.takenUp(count),
    onUnresolved: (operationId, reason) =>
      context.logger.error({ operationId, reason }, 'a parked operation cannot be resolved'),
  });
}

import { CallAcquirers } from '../authorize-payment/call-acquirers.ts';
import type { AnswerOperations } from '../answer-operation/answer-operations.ts';
import type { ClaimRepository } from '../authorize-payment/claim.repository.ts';
import type { OpenOperations } from '../authorize-payment/open-operations.ts';
import type { AcquirerLinks } from '../acquirers/acquirer-links.ts';
import type { OutcomeRepository } from '../decide-outcome/outcome.repository.ts';
import type { MerchantDirectory } from '../directory/merchant-directory.ts';
import type { Publisher, Queries } from '../engines.ts';
import type { Incoming } from '../operation.ts';
import type { ParkOperationHandler } from '../park-operation/park-operation.handler.ts';
import type { ParkedRepository } from '../park-operation/parked.repository.ts';
import type { Clock } from '@fourway/kernel';
import { DecideFollowUps } from './decide-follow-ups.handler.ts';
import { FollowUpClaimRepository } from './follow-up-claim.repository.ts';
import { FollowUpOutcomeRepository } from './follow-up-outcome.repository.ts';
import { FollowUpHandler } from './follow-up.handler.ts';
import { ParkFollowUps } from './park-follow-ups.ts';
import { ParkedFollowUpsRepository } from './parked-follow-ups.repository.ts';
import { PaymentPictureRepository } from './payment-picture.repository.ts';
import { PublishFollowUps } from './publish-follow-ups.ts';
import { TakeUpFollowUps } from './take-up-follow-ups.ts';

export interface FollowUpPathOptions {
  readonly clock: Clock;
  readonly open: OpenOperations;
  readonly directory: MerchantDirectory;
  readonly engines: Queries & Publisher;
  readonly claims: ClaimRepository;
  readonly parked: ParkedRepository;
  readonly answers: AnswerOperations;
  readonly outcomes: OutcomeRepository;
  readonly onFatal: (error: unknown) => void;
}

/** Decides what acquirers answer; there before the links are, which need it. */
export function decideFollowUpsOf(options: FollowUpPathOptions): DecideFollowUps {
  const { clock, engines, answers, outcomes: reversals, onFatal } = options;
  return new DecideFollowUps({
    ...{ clock, reversals, onFatal },
    outcomes: new FollowUpOutcomeRepository(engines),
    pictures: new PaymentPictureRepository(engines),
    publish: new PublishFollowUps({ producer: engines, answers, onFatal }),
  });
}

export interface FollowUpWiring {
  readonly decide: DecideFollowUps;
  readonly links: AcquirerLinks;
  readonly parkClaimed: ParkOperationHandler;
  readonly sendWindowMs: number;
  readonly renewableForMs: number;
  readonly parkAfterMs: number;
  readonly takeUpAfterMs: number;
  readonly earlyForMs: number;
  readonly claimHorizonDays: number;
  readonly admit: (incoming: readonly Incoming[]) => Promise<void>;
  readonly onRenewed: (count: number) => void;
  readonly onTakenUp: (count: number) => void;
}

/** Wires the use cases of operations on payments together. */
export function followUpPath(
  options: FollowUpPathOptions,
  wiring: FollowUpWiring,
): { readonly followUps: FollowUpHandler; readonly takeUp: TakeUpFollowUps } {
  const { clock, open, directory, engines, claims, parked, answers, onFatal } = options;
  const { decide, links, sendWindowMs, renewableForMs, onRenewed, admit, earlyForMs, ...rest } = wiring;
  const followUps = new FollowUpHandler({
    ...{ clock, open, directory, answers, decide, onFatal, ...rest },
    pictures: new PaymentPictureRepository(engines),
    claims: new FollowUpClaimRepository(engines, claims.writer),
    writer: claims.writer,
    publish: new PublishFollowUps({ producer: engines, answers, onFatal }),
    calls: new CallAcquirers({ clock, claims, links, outcomes: decide, sendWindowMs, renewableForMs, onRenewed }),
    parking: new ParkFollowUps({ clock, open, earlyForMs, parked: new ParkedFollowUpsRepository(engines) }),
    admit: (incoming) => {
      if (incoming.length > 0) admit(incoming).catch(onFatal);
    },
  });
  return { followUps, takeUp: new TakeUpFollowUps({ clock, open, parked, followUps, onFatal }) };
}

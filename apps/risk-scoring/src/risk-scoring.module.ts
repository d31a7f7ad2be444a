import { Module, type DynamicModule } from '@nestjs/common';
import { pathGroups, deadLetterTopic, topics } from '@fourway/contracts';
import { assertPaymentLife } from '@fourway/payment';
import type { ServiceContext } from '@fourway/platform-http';
import { migrate } from '@fourway/platform-postgres';
import { assertTopics } from '@fourway/platform-stream';
import type { RiskScoringConfig } from './config.ts';
import { migrations } from './migrations/index.ts';
import { RiskScoring } from './risk-scoring.ts';
import { scoringParts } from './scoring-path.ts';

@Module({})
class RiskScoringModule {}

/** Checks what the service stands on, then connects its parts. */
export async function composeRiskScoring(config: RiskScoringConfig, context: ServiceContext): Promise<DynamicModule> {
  assertPaymentLife();
  const { requested, scored, refused } = topics;
  const connection = { brokers: config.kafkaBrokers, clientId: config.service, logger: context.logger };
  await assertTopics({ ...connection, topics: [requested, deadLetterTopic(requested), scored, refused] });
  await migrate({ url: config.postgresUrl, schema: 'risk', migrations });

  const parts = scoringParts(config, context, {
    groupId: pathGroups.riskScoring.groupId,
    requested: requested.name,
    partitions: requested.partitions,
    scored: scored.name,
    nextGroupId: pathGroups.acquirerRouting.groupId,
    refused: refused.name,
  });
  context.addHealthProbe(() => parts.consumer.health());
  return { module: RiskScoringModule, providers: [{ provide: RiskScoring, useValue: new RiskScoring(parts) }] };
}

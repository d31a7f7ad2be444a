import { topics } from '@fourway/contracts';
import { systemClock } from '@fourway/kernel';
import type { ServiceContext } from '@fourway/platform-http';
import { Database } from '@fourway/platform-postgres';
import type { RoutingConfig } from '../config.ts';
import { keptDays } from './horizons.ts';
import { NightlySweep } from './nightly-sweep.ts';
import { Retention } from './retention.handler.ts';

/** A statement of the sweep reads 100,000 claims, and one of retention a day's: neither is the hot path's. */
const statementTimeoutMs = 120_000;

export interface RetentionParts {
  readonly retention: Retention;
  readonly sweep: NightlySweep;
}

/**
 * Retention and the nightly sweep, with what an operator sees of them.
 * @throws SwitchError `config_invalid` where a horizon is not longer than the topic's retention
 */
export function retentionParts(config: RoutingConfig, { logger, metrics }: ServiceContext): RetentionParts {
  const kept = keptDays(config, topics.scored.retentionMs);
  const dropped = metrics.counter({
    name: 'switch_retention_dropped_total',
    help: 'Day partitions dropped past their horizon',
    labels: ['table'],
  });
  const purged = metrics.counter({
    name: 'switch_retention_purged_rows_total',
    help: 'Rows past their horizon deleted from tables without partitions',
    labels: ['table'],
  });
  const keptPast = metrics.gauge({
    name: 'switch_retention_kept_days',
    help: 'Day partitions past their horizon that open work still needs, as this replica last saw',
    labels: ['table', 'why'],
  });
  const openDatabase = (): Database =>
    new Database({
      ...{
        url: config.postgresUrl,
        applicationName: `${config.service}-retention`,
        maxConnections: 1,
        statementTimeoutMs,
      },
      onError: (error) => logger.warn({ err: error }, 'connection of retention lost'),
    });
  const retention = new Retention({
    ...{ clock: systemClock, horizons: config, kept, openDatabase },
    onDropped: ({ table, day, name }) => {
      dropped.inc({ table });
      logger.info({ table, day, partition: name }, 'day partition dropped: past its horizon');
    },
    onPurged: (table, rows) => {
      purged.inc({ table }, rows);
      logger.info({ table, rows }, 'rows purged: past their horizon');
    },
    onKept: (days) => {
      keptPast.reset();
      for (const { table, day, why } of days) {
        keptPast.inc({ table, why });
        logger.warn({ table, day, why }, 'day partition is past its horizon and stays');
      }
    },
  });
  return { retention, sweep: sweepOf(config, { logger, metrics }, openDatabase) };
}

/** A claim is decided or parked within its deadlines; a minute more, and nobody is at it. */
const marginMs = 60_000;

function sweepOf(
  { answerTimeoutMs, sendWindowMs }: RoutingConfig,
  { logger, metrics }: Pick<ServiceContext, 'logger' | 'metrics'>,
  openDatabase: () => Database,
): NightlySweep {
  const differences = metrics.gauge({
    name: 'switch_sweep_differences',
    help: 'Operations of the newest day swept whose claim and outcome do not agree; alert above 0',
    labels: ['kind'],
  });
  const sweptDay = metrics.gauge({
    name: 'switch_sweep_day_timestamp_seconds',
    help: 'Begin of the newest day that the nightly sweep compared; alert when it is older than 50 hours',
  });
  return new NightlySweep({
    ...{ clock: systemClock, openDatabase, undecidedAfterMs: sendWindowMs + answerTimeoutMs + marginMs },
    onSwept: (sweep) => {
      if (sweep.undecided + sweep.unclaimed === 0) logger.info({ ...sweep }, 'day swept');
      else logger.error({ ...sweep }, 'day swept: claims and outcomes differ; see fourway books sweep');
    },
    onLatest: ({ day, undecided, unclaimed }) => {
      differences.set({ kind: 'undecided' }, undecided);
      differences.set({ kind: 'unclaimed' }, unclaimed);
      sweptDay.set(Date.parse(day) / 1_000);
    },
  });
}

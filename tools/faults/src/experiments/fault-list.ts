import { defined } from '@fourway/kernel';
import { acquirerVictim, engineVictim, serviceVictim } from '../victims/victim.ts';
import { duplicateStorm } from './duplicate-storm.ts';
import type { Fault } from './fault.ts';
import { killsAtPoints } from './kill-at-points.ts';
import { killOnce } from './kill-once.ts';
import { killsOverHttp } from './kills-over-http.ts';
import { rewindGroups } from './rewind-groups.ts';
import { silentAcquirer } from './silent-acquirer.ts';
import { redisAway, redisFlushall } from './lost-redis.ts';
import { pausesAtPoints } from './pause-at-points.ts';
import { poisonRecords } from './poison-records.ts';
import { randomServiceKills } from './random-kills.ts';
import { upstreamFlood } from './upstream-flood.ts';

const survives = 'every payment decided once, none undecided beyond 60 s, books agree';

/** All faults, in the order in which they are run. */
export const faults: readonly Fault[] = [
  killOnce('kill-risk-scoring', `scoring resumes where its offsets stand; ${survives}`, () =>
    serviceVictim('risk-scoring'),
  ),
  killOnce('kill-acquirer-routing', `calls in flight are reversed by the next process; ${survives}`, () =>
    serviceVictim('acquirer-routing'),
  ),
  killOnce('kill-settlement', `no outcome is posted twice or skipped; ${survives}`, () => serviceVictim('settlement')),
  killOnce('kill-acquirer-simulator', `only payments in flight there are reversed; ${survives}`, (lab) =>
    acquirerVictim(defined(lab.stack().acquirers[0], 'an acquirer').id),
  ),
  killOnce('kill-kafka', `all services go on by themselves; ${survives}`, () => engineVictim('kafka')),
  killOnce('kill-postgres', `all services go on by themselves; ${survives}`, () => engineVictim('postgres')),
  killOnce('kill-redis', `every request is answered, no hard limit is passed meanwhile; ${survives}`, () =>
    engineVictim('redis'),
  ),
  randomServiceKills,
  redisFlushall,
  redisAway,
  silentAcquirer,
  upstreamFlood,
  ...killsAtPoints,
  ...pausesAtPoints,
  killsOverHttp,
  poisonRecords,
  duplicateStorm,
  rewindGroups,
];

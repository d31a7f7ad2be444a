export { realBanks, type Bank } from './banks.ts';
export { minutesPerDay, shareOfMinute, shareOfMinuteOverall } from './day-curve.ts';
export { dayPace, minuteOfPayment, type DayPace, type DayPaceOptions } from './day-pace.ts';
export { countDirectoryChanges, directoryChanges } from './directory-changes.ts';
export type { Premises } from './premises.ts';
export { hash32, RandomSequence } from './random.ts';
export { plannedCities, provinces, regions, type Region } from './regions.ts';
export { network, scenarioNames, scenarios, type Scenario, type ScenarioName } from './scenarios.ts';
export { acquirerAmountRules } from './traffic/amount-rules.ts';
export { deniedTokens, tokenOfCard } from './traffic/cards.ts';
export type { BadInput } from './traffic/bad-input.ts';
export {
  httpDayMix,
  httpOrders,
  httpPlainMix,
  streamRequestOf,
  type HttpCreate,
  type HttpOrder,
  type HttpOrderBody,
  type HttpOrdersOptions,
  type HttpPay,
  type HttpStimulus,
} from './traffic/http-orders.ts';
export type {
  Expected,
  FollowingItem,
  OperationStimulus,
  PaymentStimulus,
  Stimulus,
  TrafficItem,
  TrafficRecord,
} from './traffic/item.ts';
export { dayMix, plainMix, traffic, type TrafficMix, type TrafficOptions } from './traffic/traffic.ts';
export { createWorld, defaultAcquirers, issuerOfToken, type World, type WorldOptions } from './world.ts';

export { dayReport } from './day-report.ts';
export { commit, machine, type Machine } from './machine.ts';
export { isGood, runDay, type DayOptions, type DayResult } from './run-day.ts';

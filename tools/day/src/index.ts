export { dayReport, isGood } from './day-report.ts';
export { commit, machine, type Machine } from './machine.ts';
export { runDay, type DayOptions, type DayResult } from './run-day.ts';

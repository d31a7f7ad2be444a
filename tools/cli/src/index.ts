export {
  compareBooks,
  type BooksDifference,
  type BooksReport,
  type CompareBooksOptions,
} from './books/compare-books.ts';
export { printComparison, verdictOf } from './books/print-comparison.ts';
export { forkUpstreamBook } from './books/fork-upstream-book.ts';
export { play, type PlayOptions, type PlayProgress } from './events/play.ts';
export { isComplete, type PlayReport } from './events/play-report.ts';
export { LatencyHistogram } from './events/latency-histogram.ts';
export { playVerdict, printPlay } from './events/print-play.ts';
export { toJson, writeReport } from './print/json-report.ts';
export { wholeNumber } from './print/options.ts';
export { startProgress, type Progress } from './print/progress.ts';
export { grouped, tableOf } from './print/table.ts';
export { brokersOf, stackOf } from './stack-file.ts';
export { changeBehaviour, setAmountRules, type AcquirerControl } from './world/acquirer-behaviour.ts';
export { awaitDirectory } from './world/await-directory.ts';
export { denyCards } from './world/deny-cards.ts';
export { countDirectoryChanges } from '@fourway/world';
export { loadWorld, type LoadedWorld } from './world/load-world.ts';
export { prepareWorld, type WorldStack } from './world/prepare-world.ts';

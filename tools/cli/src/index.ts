export {
  compareBooks,
  type BooksDifference,
  type BooksReport,
  type CompareBooksOptions,
} from './books/compare-books.ts';
export { printComparison, verdictOf } from './books/print-comparison.ts';
export { awaitCycle, closeCycle } from './cycle/close-cycle.ts';
export { cycleReportOf, printCycle, printFiles, type CycleReport } from './cycle/cycle-report.ts';
export { printVerification } from './cycle/cycle.command.ts';
export { verifyCycleFiles } from './cycle/verify-cycle-files.ts';
export { forkUpstreamBook } from './books/fork-upstream-book.ts';
export { play, type PlayOptions, type PlayProgress } from './events/play.ts';
export { isComplete, type PlayReport } from './events/play-report.ts';
export { playOrders, type PlayOrdersOptions } from './orders/play-orders.ts';
export { areOrdersComplete, ordersVerdict, printOrders } from './orders/print-orders.ts';
export type { OrdersReport } from './orders/orders-report.ts';
export { ApiClient, textOf, type ApiAnswer, type ApiRequest, type Caller } from './orders/api-client.ts';
export { paymentStory } from './payments/payment-story.ts';
export { storyTable } from './payments/story-table.ts';
export { rebuildHotData, type RebuiltHotData } from './hot-data/rebuild-hot-data.ts';
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

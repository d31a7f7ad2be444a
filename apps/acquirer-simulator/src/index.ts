export { bookHeader, formatBookLine, parseBookLine } from './book-entry.ts';
export type { BookEntry, PaymentReference } from './book-entry.ts';
export { behaviourSchema } from './behaviour.ts';
export type { Behaviour } from './behaviour.ts';

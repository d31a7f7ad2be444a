/** What a response code (DE39) asks of the sender. */
export type ResponseCodeClass =
  /** The acquirer took the money. */
  | 'approved'
  /** A part was approved: reverse it unless the request allowed that. */
  | 'partially_approved'
  /** No, for now: tell the payer, no automatic retry, never another acquirer. */
  | 'soft_decline'
  /** No, for good: never retry. */
  | 'hard_decline'
  /** A wrong PIN or too many: count, lock. */
  | 'security'
  /** Not set up at this acquirer: another one may be tried. */
  | 'config'
  /** Answered, but not processed: another acquirer may be tried, and the breaker hears of it. */
  | 'technical'
  /** A duplicate there: fetch the stored result. */
  | 'duplicate'
  /** The original of a reversal was not found: there is nothing to undo. */
  | 'original_not_found'
  /** Our message was wrong: alarm. */
  | 'format_error'
  /** Keys are out of step: sign on again. */
  | 'key_error'
  /** Nobody knows: reverse, and never try another acquirer before that is queued. */
  | 'unknown';

const codesByClass: Readonly<Record<Exclude<ResponseCodeClass, 'unknown'>, readonly string[]>> = {
  approved: ['00', '11', 'A6'],
  partially_approved: ['10'],
  soft_decline: ['01', '02', '05', '13', '51', '61', '65'],
  hard_decline: ['04', '07', '12', '14', '15', '33', '34', '35', '36', '37', '41', '43', '54', '57', '59', '62'],
  security: ['38', '55', '75'],
  config: ['03', '40', '58', '97'],
  technical: ['90', '91', '92', '96'],
  duplicate: ['94'],
  original_not_found: ['25'],
  format_error: ['30'],
  key_error: ['99', 'A0'],
};

const classes: ReadonlyMap<string, ResponseCodeClass> = new Map(
  Object.entries(codesByClass).flatMap(([name, codes]) => codes.map((code) => [code, parseClass(name)])),
);

function parseClass(name: string): ResponseCodeClass {
  return name as ResponseCodeClass;
}

/** Codes that ask for the card to be kept: its token is blocked besides the decline. */
const blocking: ReadonlySet<string> = new Set(['04', '07', '33', '34', '35', '36', '37', '41', '43']);

/**
 * The class of an ISO 8583:1987 response code (DE39). 68, 98 and every code not listed are `unknown`: an answer nobody
 * understands is neither yes nor no.
 */
export function classifyResponseCode(code: string): ResponseCodeClass {
  return classes.get(code) ?? 'unknown';
}

/** True where the code asks for the card to be captured. */
export function blocksCard(code: string): boolean {
  return blocking.has(code);
}

import { assert, isUuidV7, uuidV7Ms } from '@fourway/kernel';
import type { OperationId } from '@fourway/kernel';

/** What names one attempt at an acquirer, and the reversal of it. */
export interface AcquirerReference {
  /** DE7, MMDDhhmmss in GMT: the time the operation's id was made. */
  readonly transmissionDateTime: string;
  /** DE11 of the request, 000001-999999. */
  readonly stan: string;
  /** DE37 of the request and of its reversal, 12 characters of 0-9A-Z. */
  readonly rrn: string;
  /** DE11 of the reversal (0420 and every 0421), never the request's. */
  readonly reversalStan: string;
}

const stanCount = 999_999;
const halfRrnCount = 36 ** 6;

/**
 * The reference of an attempt: a pure function, so that a re-send by any process is the same request at the acquirer.
 *
 * The RRN keeps 62 bits of a mix of the whole id and the attempt number. Among the 8,000,000 payments of a day
 * (3.2e13 pairs) two share an RRN with probability 7e-6; two share all of DE7, DE11 and DE37, which is what links and
 * acquirers match by, with probability below 1e-13 even if the day passes in six minutes.
 *
 * @param operationId canonical UUIDv7
 * @param attemptNo 1 to 65,535
 * @throws Error when the id is no UUIDv7 or the number is out of range: callers have validated both
 */
export function acquirerReference(operationId: OperationId, attemptNo: number): AcquirerReference {
  assert(isUuidV7(operationId), 'an operation id is a UUIDv7');
  assert(Number.isInteger(attemptNo) && attemptNo >= 1 && attemptNo <= 0xffff, 'an attempt number is 1 to 65,535');
  const [first, second, third, fourth] = mix(wordsOf(operationId), attemptNo);
  const stanNumber = scale(third, stanCount);
  return {
    transmissionDateTime: monthToSecond(uuidV7Ms(operationId)),
    stan: digits(1 + stanNumber),
    rrn: halfRrn(first) + halfRrn(second),
    // At a distance of 1 to 999,998 from the request's STAN, so the two never meet.
    reversalStan: digits(1 + ((stanNumber + 1 + scale(fourth, stanCount - 1)) % stanCount)),
  };
}

type Words = readonly [number, number, number, number];

/** The id's 128 bits, by its characters: cutting it up and joining its parts makes seven strings a payment. */
function wordsOf(id: OperationId): Words {
  return [hexWord(id, 0, 8), hexWord(id, 9, 18), hexWord(id, 19, 28), hexWord(id, 28, 36)];
}

const dash = 0x2d;
const nine = 0x39;

function hexWord(id: string, start: number, end: number): number {
  let word = 0;
  for (let at = start; at < end; at += 1) {
    const code = id.charCodeAt(at);
    // '0' is 0x30, 'a' is 0x61; a UUID has no other characters.
    if (code !== dash) word = (word << 4) | (code <= nine ? code - 0x30 : code - 0x57);
  }
  return word;
}

/**
 * 128 bits in, 128 bits out, after MurmurHash3's x86_128: each word is scrambled, then all feed each other twice.
 * For a fixed attempt number every step is invertible, so no two ids share all four words.
 */
function mix(words: Words, seed: number): Words {
  let a = seed ^ scramble(words[0] ^ 0x239b_961b);
  let b = seed ^ scramble(words[1] ^ 0x3c6e_f372);
  let c = seed ^ scramble(words[2] ^ 0x38b3_4ae5);
  let d = seed ^ scramble(words[3] ^ 0x2545_f491);
  for (let round = 0; round < 2; round += 1) {
    a = scramble((a + b + c + d) | 0);
    b = scramble((b + a) | 0);
    c = scramble((c + a) | 0);
    d = scramble((d + a) | 0);
    a = (a + b + c + d) | 0;
    b = (b + rotate(d, 13)) | 0;
    c = (c + rotate(b, 19)) | 0;
    d = (d + rotate(c, 11)) | 0;
  }
  return [scramble(a), scramble(b), scramble(c), scramble(d)];
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/** MurmurHash3's final mix: a bijection of 32 bits in which each input bit moves half of the output bits. */
function scramble(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}

/** Spreads 32 bits over 0 to `count` - 1. The product stays below 2^63 and only its high part is used. */
const scale = (word: number, count: number): number => Math.floor(((word >>> 0) / 0x1_0000_0000) * count);

const threeDigits36 = Array.from({ length: 36 ** 3 }, (_, value) => value.toString(36).toUpperCase().padStart(3, '0'));

function halfRrn(word: number): string {
  const value = scale(word, halfRrnCount);
  return (threeDigits36[Math.floor(value / 36 ** 3)] ?? '') + (threeDigits36[value % 36 ** 3] ?? '');
}

const digits = (stan: number): string => String(1_000_000 + stan).slice(1);

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const msPerDay = 86_400_000;

let lastSecond = Number.NaN;
let lastText = '';

/** MMDDhhmmss in GMT. Payments come in the order of their times, so the second of one is mostly that of the one before. */
function monthToSecond(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = formatMonthToSecond(epochMs);
  }
  return lastText;
}

/** By arithmetic (days since 1 March of year 0): a Date and its text cost more than all the rest. */
function formatMonthToSecond(epochMs: number): string {
  const day = Math.floor(epochMs / msPerDay) + 719_468;
  const dayOfEra = day % 146_097;
  const leapless =
    dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096);
  const dayOfYear =
    dayOfEra - Math.floor((1_461 * Math.floor(leapless / 365)) / 4) + Math.floor(Math.floor(leapless / 365) / 100);
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const second = Math.floor((epochMs % msPerDay) / 1_000);
  const parts = [
    ((monthFromMarch + 2) % 12) + 1,
    dayOfMonth,
    Math.floor(second / 3_600),
    Math.floor(second / 60) % 60,
    second % 60,
  ];
  return parts.map((part) => twoDigits[part]).join('');
}

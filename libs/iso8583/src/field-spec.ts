import type { CharacterClass } from './character-class.ts';

/** One data element as the standard describes it, before any encoding is chosen. */
export interface FieldSpec {
  readonly field: number;
  readonly characters: CharacterClass;
  /** Digits of the length prefix: 0 for a fixed length, 2 for LLVAR, 3 for LLLVAR. */
  readonly prefixDigits: 0 | 2 | 3;
  /** Characters (for `b`: hex digits); the exact number of a fixed element, the most of a variable one. */
  readonly length: number;
}

const spec =
  (prefixDigits: FieldSpec['prefixDigits']) =>
  (characters: CharacterClass, length: number, ...fields: readonly number[]): FieldSpec[] =>
    fields.map((field) => ({ field, characters, prefixDigits, length }));

const fixed = spec(0);
const llvar = spec(2);
const lllvar = spec(3);

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The data elements of ISO 8583:1987, table 2, ordered by format. */
const elements: readonly FieldSpec[] = [
  ...fixed('n', 2, 25, 26),
  ...fixed('n', 1, 27, 66),
  ...fixed('n', 3, 19, 20, 21, 22, 23, 24, 68, 69, 70),
  ...fixed('n', 2, 67),
  ...fixed('n', 4, 13, 14, 15, 16, 17, 18, 71, 72),
  ...fixed('n', 6, 3, 11, 12, 73),
  ...fixed('n', 8, 8, 9, 10),
  ...fixed('n', 10, 7, ...range(74, 81)),
  ...fixed('n', 12, 4, 5, 6, ...range(82, 85)),
  ...fixed('n', 16, ...range(86, 89), 53),
  ...fixed('n', 42, 90),
  ...fixed('x+n', 9, 28, 29, 30, 31),
  ...fixed('x+n', 17, 97),
  ...fixed('an', 1, 91),
  ...fixed('an', 2, 39, 92),
  ...fixed('an', 3, 40, 49, 50, 51),
  ...fixed('an', 5, 93),
  ...fixed('an', 6, 38),
  ...fixed('an', 7, 94),
  ...fixed('an', 12, 37),
  ...fixed('an', 42, 95),
  ...fixed('ans', 8, 41),
  ...fixed('ans', 15, 42),
  ...fixed('ans', 25, 98),
  ...fixed('ans', 40, 43),
  ...fixed('b', 16, 52, 64, 96, 128),
  ...llvar('n', 19, 2),
  ...llvar('n', 11, 32, 33, 99, 100),
  ...llvar('n', 28, 34),
  ...llvar('z', 37, 35),
  ...llvar('an', 25, 44),
  ...llvar('an', 76, 45),
  ...llvar('ans', 28, 102, 103),
  ...lllvar('z', 104, 36),
  ...lllvar('ans', 120, 54),
  ...lllvar('ans', 100, 104),
  ...lllvar('ans', 999, 46, 47, 48, ...range(55, 63), ...range(105, 127)),
];

/** Specifications by data element number; there is none for 1 (the second bitmap) and 65 (the third). */
export const iso87Elements: ReadonlyMap<number, FieldSpec> = new Map(
  elements.map((element) => [element.field, element]),
);

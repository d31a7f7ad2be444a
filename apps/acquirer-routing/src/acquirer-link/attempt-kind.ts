/** What a request to an acquirer asks for. A void names what it undoes, since each has a processing code of its own. */
export const attemptKinds = [
  'sale',
  'authorize',
  'capture',
  'refund',
  'void_sale',
  'void_authorize',
  'void_capture',
] as const;
export type AttemptKind = (typeof attemptKinds)[number];

/** @param kind absent: a sale */
export const isNewPayment = (kind: AttemptKind = 'sale'): boolean => kind === 'sale' || kind === 'authorize';

/** How a request names itself: its type, DE3 and DE25. */
export interface AttemptMessage {
  readonly mti: string;
  readonly processingCode: string;
  /** 06: of a pre-authorization. */
  readonly condition: '00' | '06';
}

/** The keys by which the network's terminals tell their requests apart. A refund is an advice: it does not ask the issuer's leave. */
export const attemptMessages: Readonly<Record<AttemptKind, AttemptMessage>> = {
  sale: { mti: '0200', processingCode: '000000', condition: '00' },
  authorize: { mti: '0100', processingCode: '030000', condition: '06' },
  capture: { mti: '0200', processingCode: '000000', condition: '06' },
  refund: { mti: '0220', processingCode: '200000', condition: '00' },
  void_sale: { mti: '0200', processingCode: '200000', condition: '00' },
  void_authorize: { mti: '0100', processingCode: '200000', condition: '06' },
  void_capture: { mti: '0200', processingCode: '200000', condition: '06' },
};

/** The types that answer them. */
export const answerMtis: ReadonlySet<string> = new Set(['0110', '0210', '0230']);

/** The attempt that a request is on: the root's, or that of the capture it voids. */
export interface OriginalAttempt {
  readonly operationId: string;
  readonly attemptNo: number;
  readonly kind: AttemptKind;
  /** DE38 of its approval. */
  readonly authCode: string;
}

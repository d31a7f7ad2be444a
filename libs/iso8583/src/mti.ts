import { Iso8583Error } from './iso8583-error.ts';

/** What the message is about: the second digit of the message type. */
export type MessageClass =
  | 'authorization'
  | 'financial'
  | 'file_action'
  | 'reversal'
  | 'reconciliation'
  | 'administrative'
  | 'network_management';

/** What the message does: the third digit. */
export type MessageFunction = 'request' | 'request_response' | 'advice' | 'advice_response' | 'notification';

export interface MessageType {
  readonly messageClass: MessageClass;
  readonly messageFunction: MessageFunction;
  /** True for the second and later copies of a request or advice (origin 1, 3 or 5). */
  readonly repeat: boolean;
}

const classes: Readonly<Record<string, MessageClass>> = {
  '1': 'authorization',
  '2': 'financial',
  '3': 'file_action',
  '4': 'reversal',
  '5': 'reconciliation',
  '6': 'administrative',
  '8': 'network_management',
};

const functions: Readonly<Record<string, MessageFunction>> = {
  '0': 'request',
  '1': 'request_response',
  '2': 'advice',
  '3': 'advice_response',
  '4': 'notification',
};

const mtiPattern = /^0[1-68][0-4][0-5]$/;
const seen = new Map<string, MessageType>();

/**
 * Takes a message type indicator of the 1987 version apart.
 * @throws Iso8583Error `mti_invalid`
 */
export function parseMti(mti: string): MessageType {
  const known = seen.get(mti);
  if (known !== undefined) return known;
  const messageClass = classes[mti.charAt(1)];
  const messageFunction = functions[mti.charAt(2)];
  if (!mtiPattern.test(mti) || messageClass === undefined || messageFunction === undefined) {
    throw new Iso8583Error(
      'mti_invalid',
      { field: 0, offset: 0 },
      'must be 0 (1987), class 1-6 or 8, function 0-4, origin 0-5',
    );
  }
  const parsed: MessageType = { messageClass, messageFunction, repeat: Number(mti.charAt(3)) % 2 === 1 };
  seen.set(mti, parsed);
  return parsed;
}

/** True where the sender of this type waits for a response. */
export function isRequest(mti: string): boolean {
  const { messageFunction } = parseMti(mti);
  return messageFunction === 'request' || messageFunction === 'advice';
}

/**
 * The type that answers a request or advice, a repeat like its first copy: `0200` and `0201` give `0210`, `0421` gives `0430`.
 * @throws Iso8583Error `mti_invalid` also for a type that is not answered
 */
export function responseMti(mti: string): string {
  if (!isRequest(mti))
    throw new Iso8583Error('mti_invalid', { field: 0, offset: 0 }, 'only a request or an advice is answered');
  const origin = Number(mti.charAt(3));
  return `${mti.substring(0, 2)}${Number(mti.charAt(2)) + 1}${origin - (origin % 2)}`;
}

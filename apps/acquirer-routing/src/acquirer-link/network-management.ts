import { responseMti } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';

/** DE70 of the messages a link sends about itself. */
export const signOnCode = '001';
export const echoCode = '301';

/** Numbers the link's own messages; they never meet a payment's, which are answered by another type. */
export class NetworkManagement {
  #stan = 0;

  request(code: typeof signOnCode | typeof echoCode, nowMs: number): Iso8583Message {
    this.#stan = (this.#stan % 999_999) + 1;
    const [month, day, hour, minute, second] = new Date(nowMs)
      .toISOString()
      .split(/[-T:.]/)
      .slice(1);
    return {
      mti: '0800',
      fields: { 7: `${month}${day}${hour}${minute}${second}`, 11: String(this.#stan).padStart(6, '0'), 70: code },
    };
  }

  /** The answer to the acquirer's own 0800: we live. */
  answer(request: Iso8583Message): Iso8583Message {
    return { mti: responseMti(request.mti), fields: { ...request.fields, 39: '00' } };
  }
}

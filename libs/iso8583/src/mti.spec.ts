import { describe, expect, it } from '@jest/globals';
import { Iso8583Error, isRequest, parseMti, responseMti } from './index.ts';

describe('message types', () => {
  it.each([
    ['0100', '0110'],
    ['0200', '0210'],
    ['0201', '0210'],
    ['0220', '0230'],
    ['0400', '0410'],
    ['0420', '0430'],
    ['0421', '0430'],
    ['0800', '0810'],
  ])('%s is answered by %s', (request, response) => {
    expect(responseMti(request)).toBe(response);
    expect(isRequest(response)).toBe(false);
  });

  it('knows a repeated reversal', () => {
    expect(parseMti('0421')).toEqual({ messageClass: 'reversal', messageFunction: 'advice', repeat: true });
    expect(parseMti('0420').repeat).toBe(false);
  });

  it.each(['', '020', '02000', '1200', '0700', '0250', '0206', 'O200'])('refuses %j', (mti) => {
    expect(() => parseMti(mti)).toThrow(Iso8583Error);
  });

  it('gives a response no response', () => expect(() => responseMti('0210')).toThrow(Iso8583Error));
});

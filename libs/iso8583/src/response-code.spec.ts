import { describe, expect, it } from '@jest/globals';
import { blocksCard, classifyResponseCode } from './index.ts';

describe('response codes', () => {
  it.each([
    ['00', 'approved'],
    ['11', 'approved'],
    ['A6', 'approved'],
    ['10', 'partially_approved'],
    ['51', 'soft_decline'],
    ['05', 'soft_decline'],
    ['54', 'hard_decline'],
    ['55', 'security'],
    ['03', 'config'],
    ['91', 'technical'],
    ['96', 'technical'],
    ['94', 'duplicate'],
    ['25', 'original_not_found'],
    ['30', 'format_error'],
    ['A0', 'key_error'],
  ])('%s is %s', (code, expected) => expect(classifyResponseCode(code)).toBe(expected));

  it.each(['68', '98', 'ZZ', '', '0', '000', 'constructor'])('takes %j for neither yes nor no', (code) => {
    expect(classifyResponseCode(code)).toBe('unknown');
  });

  it('blocks the card on capture codes only', () => {
    expect(['04', '41', '43'].every(blocksCard)).toBe(true);
    expect(['00', '51', '54', '91'].some(blocksCard)).toBe(false);
  });
});

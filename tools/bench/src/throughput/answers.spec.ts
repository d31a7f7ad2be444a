import { describe, expect, it } from '@jest/globals';
import { answersOf, assertAble, countOf, unableShare } from './answers.ts';

describe('answers of a run', () => {
  it('are those it added, by status and code', () => {
    const before = { 'approved 00': 10, 'declined 51': 2 };
    const after = { 'approved 00': 17, 'declined 51': 2, 'declined risk_declined': 2, 'reversed no_answer': 1 };
    const answers = answersOf(before, after, 10);
    expect(answers).toEqual({ 'approved 00': 7, 'declined risk_declined': 2, 'reversed no_answer': 1 });
    expect([countOf(answers), countOf(answers, 'approved')]).toEqual([10, 7]);
  });

  it('are no figure when one is missing, one too many, or expired', () => {
    expect(() => answersOf({}, { 'approved 00': 9 }, 10)).toThrow('9 outcomes are stored, not 10');
    expect(() => answersOf({}, { 'approved 00': 11 }, 10)).toThrow('11 outcomes are stored, not 10');
    expect(() => answersOf({}, { 'approved 00': 9, 'expired expired': 1 }, 10)).toThrow('1 payments have expired');
  });
});

describe('declines for want of time', () => {
  it('make a run worthless where they are more than one in a thousand', () => {
    expect(unableShare({ 'approved 00': 60, 'declined not_sent': 10, 'declined limit_unavailable': 30 })).toBe(0.4);
    expect(() => assertAble({ 'approved 00': 999, 'declined not_sent': 1 })).not.toThrow();
    expect(() => assertAble({ 'approved 00': 998, 'declined not_sent': 2 })).toThrow('0.2 % of the payments');
    expect(() => assertAble({ 'declined risk_declined': 5, 'declined 51': 5 })).not.toThrow();
  });
});

import { describe, expect, it } from '@jest/globals';
import { cutText, cutTextWithMark } from './cut-text.js';

describe('cutText', () => {
  it('leaves a short text alone and cuts a long one', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc');
    expect(cutTextWithMark('abcde', 3)).toBe('abc… [cut: 2 more characters]');
  });

  it('never leaves half an emoji', () => {
    for (let max = 1; max <= 6; max += 1) expect(cutText('a😀b😀c', max).isWellFormed()).toBe(true);
    expect(cutText('a😀', 2)).toBe('a');
    expect(cutText('a😀', 3)).toBe('a😀');
  });
});

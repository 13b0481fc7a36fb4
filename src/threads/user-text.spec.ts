import { describe, expect, it } from '@jest/globals';
import { userText } from './user-text.js';

const accepts = (text: string, max = 3): boolean => userText(max).safeParse(text).success;

describe('text of a user', () => {
  it('has one character at least and as many as allowed at most, whatever a character takes', () => {
    expect([accepts(''), accepts('a'), accepts('abc'), accepts('abcd')]).toEqual([false, true, true, false]);
    expect([accepts('🙂🙂🙂'), accepts('🙂🙂🙂🙂')]).toEqual([true, false]);
  });

  it('holds nothing that the database could not give back as it was', () => {
    expect([accepts('\0'), accepts('\ud83d'), accepts('a\udc00')]).toEqual([false, false, false]);
    expect(accepts('\n\t\u0001')).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { COMMON_PASSWORDS } from './common-passwords.js';
import { PASSWORD_LENGTH_MIN, passwordProblem } from './password-policy.js';

const EMAIL = 'somebody@example.com';

describe('a password', () => {
  it.each([
    'violet anchors hum',
    'pässwörter-ümläut',
    '🦊🐻🐼🐨🦁🐯🐮🐷🐸🐵🐔🐧',
    'x7#kQ9!mZ2@p',
    'v'.repeat(50) + 'iolet',
  ])('may be %p', (password) => {
    expect(passwordProblem(password, EMAIL)).toBeUndefined();
  });

  it.each([
    ['eleven char', 'must have at least 12 characters'],
    ['🦊🐻🐼🐨🦁🐯', 'must have at least 12 characters'],
    ['violet anchors '.repeat(20), 'must have at most 256 characters'],
    ['Somebody@Example.com', 'must not be the e-mail address'],
    ['Password1234', 'is one of the most common passwords'],
    ['aaaaaaaaaaaaaaa', 'is one of the most common passwords'],
    ['ababababababab', 'is one of the most common passwords'],
    ['1234567890123456789', 'is one of the most common passwords'],
    ['987654321098', 'is one of the most common passwords'],
  ])('may not be %p: %s', (password, problem) => {
    expect(passwordProblem(password, EMAIL)).toBe(problem);
  });

  it('may not be the name before the @ either', () => {
    expect(passwordProblem('some.body.else', 'some.body.else@example.com')).toBe('must not be the e-mail address');
  });

  it('is looked up in a list that holds only what passes the other rules', () => {
    expect(
      [...COMMON_PASSWORDS].filter((entry) => entry.length < PASSWORD_LENGTH_MIN || entry !== entry.toLowerCase()),
    ).toEqual([]);
  });
});

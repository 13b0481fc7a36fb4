import { describe, expect, it } from '@jest/globals';
import { isOriginAllowed } from './origin-policy.js';

const HOST = 'agents.example.com:3000';

describe('an origin', () => {
  it('that is missing is allowed: it is no browser', () => {
    expect(isOriginAllowed(undefined, HOST, [])).toBe(true);
  });

  it.each(['http://localhost:5173', 'http://127.0.0.1', 'http://[::1]:3000', 'https://AGENTS.example.com:3000'])(
    'is allowed without a list when it is the own one or localhost: %s',
    (origin) => {
      expect(isOriginAllowed(origin, HOST, undefined)).toBe(true);
    },
  );

  it.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'null',
    '',
    'localhost',
    'https://agents.example.com',
  ])('is refused without a list when it is another: %s', (origin) => {
    expect(isOriginAllowed(origin, HOST, undefined)).toBe(false);
  });

  it('must be on the list where there is one', () => {
    const allowed = ['https://app.example.com'];
    expect(isOriginAllowed('https://app.example.com', HOST, allowed)).toBe(true);
    expect(isOriginAllowed('http://app.example.com', HOST, allowed)).toBe(false);
    expect(isOriginAllowed('http://localhost', HOST, allowed)).toBe(false);
    expect(isOriginAllowed(`http://${HOST}`, HOST, allowed)).toBe(false);
  });
});

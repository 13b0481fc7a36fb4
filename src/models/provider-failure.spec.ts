import { describe, expect, it } from '@jest/globals';
import { APICallError, InvalidResponseDataError, JSONParseError, LoadAPIKeyError } from '@ai-sdk/provider';
import { ProviderFailure, providerFailure } from './provider-failure.js';

const now = new Date('2026-01-05T10:00:00Z');
const answered = (statusCode: number | undefined, responseHeaders: Record<string, string> = {}): APICallError =>
  new APICallError({
    message: 'Incorrect API key provided: sk-secret',
    url: 'https://provider.example',
    requestBodyValues: { messages: ['a secret prompt'] },
    statusCode,
    responseHeaders,
  });

describe('providerFailure', () => {
  it.each([
    [429, 'rate_limited', true],
    [500, 'overloaded', true],
    [503, 'overloaded', true],
    [529, 'overloaded', true],
    [408, 'overloaded', true],
    [401, 'key_refused', false],
    [403, 'key_refused', false],
    [400, 'request_refused', false],
    [404, 'request_refused', false],
    [200, 'junk', true],
    [undefined, 'unreachable', true],
  ])('status %p is %s', (status, kind, retryable) => {
    const failure = providerFailure(answered(status), now);
    expect([failure.kind, failure.retryable]).toEqual([kind, retryable]);
  });

  it('sorts what comes without a status', () => {
    const kinds = [
      new JSONParseError({ text: '<html>', cause: new Error('no JSON') }),
      new InvalidResponseDataError({ data: {} }),
      new LoadAPIKeyError({ message: 'no key' }),
      new TypeError('fetch failed'),
      new TypeError('terminated'),
      { type: 'overloaded_error' },
      'a string',
    ].map((error) => providerFailure(error, now).kind);
    expect(kinds).toEqual(['junk', 'junk', 'key_refused', 'unreachable', 'cut', 'cut', 'cut']);
  });

  it('keeps what it has sorted already', () => {
    const failure = new ProviderFailure('timeout');
    expect(providerFailure(failure, now)).toBe(failure);
  });

  it('repeats nothing of the provider: its messages quote keys and prompts', () => {
    const failure = providerFailure(answered(401), now);
    expect(failure.message).toBe('The model provider refused the key (401)');
    expect(`${failure.stack ?? ''}${JSON.stringify(failure)}`).not.toContain('secret');
  });

  it.each([
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'Retry-After': '3' }, 3_000],
    [{ 'retry-after': 'Mon, 05 Jan 2026 10:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'Mon, 05 Jan 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%p asks to wait %p ms', (headers, expected) => {
    expect(providerFailure(answered(429, headers as Record<string, string>), now).retryAfterMs).toBe(expected);
  });
});

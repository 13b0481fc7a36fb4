import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../context/json.js';
import { isWhole, redact } from './redact.js';

describe('what an event shows of a value', () => {
  it.each([
    'password',
    'Authorization',
    'api_key',
    'apiKey',
    'access_token',
    'client_secret',
    'cookie',
    'privateKey',
    'ticket',
  ])('hides the value of %s', (name) => {
    expect(redact({ nested: [{ [name]: 'x', kept: 1 }] })).toEqual({ nested: [{ [name]: '[redacted]', kept: 1 }] });
  });

  it.each(['input_tokens', 'output_tokens', 'max_tokens', 'tokens_in', 'tokens_total', 'mean_tokens', 'author'])(
    'shows %s',
    (name) => {
      expect(redact({ [name]: 5 })).toEqual({ [name]: 5 });
    },
  );

  it('hides keys and tokens inside texts', () => {
    const token = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const text = `key sk-abcdefghijklmnop1234, then ${token} and Bearer abcdefghijklmnop1234`;
    const shown = JSON.stringify(redact({ text }));
    for (const secret of ['sk-abcdef', 'eyJhbGci', 'abcdefghijklmnop1234']) expect(shown).not.toContain(secret);
  });

  it('shows what says itself how JSON holds it as it says', () => {
    const key = { password: 'x', shown: 1n };
    const values = {
      at: new Date(0),
      nothing: { toJSON: () => undefined },
      key: { ...key, toJSON: () => ({ password: 'x', shown: '1' }) },
    };
    expect(JSON.stringify(redact(values as unknown as JsonObject))).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","nothing":null,"key":{"password":"[redacted]","shown":"1"}}',
    );
  });

  it('cuts long texts, long lists and deep nesting with a mark, and leaves the value itself alone', () => {
    const deep = Array.from({ length: 20 }).reduce<object>((inner) => ({ inner }), {});
    const value = { text: 'x'.repeat(2_500), list: Array.from({ length: 60 }, (_, index) => index), deep: { ...deep } };
    const shown = redact(value);
    expect(shown.text).toBe(`${'x'.repeat(2_000)}… [cut: 500 more characters]`);
    expect(shown.list).toEqual([...value.list.slice(0, 12), '[cut: 48 more]']);
    expect(JSON.stringify(shown)).toContain('[cut: nested too deeply]');
    expect(value.list).toHaveLength(60);
  });

  it('shows a member with a name of the prototype as any other', () => {
    const value = JSON.parse('{"__proto__":{"password":"x","kept":1}}') as JsonObject;
    expect(JSON.stringify(redact(value))).toBe('{"__proto__":{"password":"[redacted]","kept":1}}');
  });

  it('can be told from a whole value', () => {
    expect(isWhole(redact({ line: 'a', numbers: [1, 2] }))).toBe(true);
    expect(isWhole(redact({ line: 'x'.repeat(2_001) }))).toBe(false);
    expect(isWhole(redact({ password: 'x' }))).toBe(false);
  });
});

import { expect, it } from '@jest/globals';
import { bearerToken } from './bearer-token.js';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Basic abc', undefined],
  ['', undefined],
  [undefined, undefined],
])('the token of %p is %p', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

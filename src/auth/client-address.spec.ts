import { describe, expect, it } from '@jest/globals';
import { addressKey, isLoopback } from './client-address.js';

describe('a client address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['2001:db8::1', false],
    ['localhost', false],
    [undefined, false],
  ])('%p is loopback: %p', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, ''],
  ])('%p is counted as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

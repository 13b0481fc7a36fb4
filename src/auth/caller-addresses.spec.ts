import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../config/load-configuration.js';
import { CallerAddresses } from './caller-addresses.js';

interface Call {
  readonly trust: string;
  readonly peer: string;
  readonly forwardedFor?: string;
  readonly environment?: string;
}

function keyOf({ trust, peer, forwardedFor, environment = 'production' }: Call): string | undefined {
  const configuration = loadConfiguration({ NODE_ENV: environment, TRUSTED_PROXIES: trust });
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return new CallerAddresses(configuration).limitKey({ headers, socket: { remoteAddress: peer } });
}

const CASES: [string, Call, string][] = [
  ['without trusted proxies is the peer', { trust: '', peer: '10.0.0.1', forwardedFor: '192.0.2.7' }, '10.0.0.1'],
  [
    'of a peer that is no trusted proxy is its own',
    { trust: '10.0.0.0/8', peer: '203.0.113.5', forwardedFor: '192.0.2.7' },
    '203.0.113.5',
  ],
  [
    'is who spoke to the trusted proxy',
    { trust: '10.0.0.0/8', peer: '10.0.0.1', forwardedFor: '192.0.2.7' },
    '192.0.2.7',
  ],
  [
    'is not what that one said',
    { trust: '10.0.0.0/8', peer: '10.0.0.1', forwardedFor: '198.51.100.1, 192.0.2.7' },
    '192.0.2.7',
  ],
  [
    'is seen through several proxies',
    { trust: '10.0.0.0/8, fd00::1', peer: 'fd00::1', forwardedFor: '192.0.2.7, 10.0.0.9' },
    '192.0.2.7',
  ],
  [
    'is that of the proxy when all are',
    { trust: '10.0.0.0/8', peer: '10.0.0.1', forwardedFor: '10.0.0.2' },
    '10.0.0.2',
  ],
  ['is that of the proxy when it names nobody', { trust: '10.0.0.0/8', peer: '10.0.0.1' }, '10.0.0.1'],
  [
    'is that of the proxy when it names no address',
    { trust: '10.0.0.0/8', peer: '10.0.0.1', forwardedFor: '192.0.2.7, unknown' },
    '10.0.0.1',
  ],
  [
    'is seen through one hop',
    { trust: '1', peer: '203.0.113.5', forwardedFor: '198.51.100.1, 192.0.2.7' },
    '192.0.2.7',
  ],
  [
    'is seen through two hops',
    { trust: '2', peer: '203.0.113.5', forwardedFor: '198.51.100.1, 192.0.2.7' },
    '198.51.100.1',
  ],
  ['is not seen through no hop', { trust: '0', peer: '203.0.113.5', forwardedFor: '192.0.2.7' }, '203.0.113.5'],
  [
    'knows an IPv4 proxy in IPv6 clothes',
    { trust: '10.0.0.0/8', peer: '::ffff:10.0.0.1', forwardedFor: '192.0.2.7' },
    '192.0.2.7',
  ],
  ['has no port', { trust: '10.0.0.1', peer: '10.0.0.1', forwardedFor: '192.0.2.7:4711' }, '192.0.2.7'],
  [
    'of IPv6 has no port either',
    { trust: '10.0.0.1', peer: '10.0.0.1', forwardedFor: '[2001:db8:1:2::9]:4711' },
    '2001:db8:1:2::/64',
  ],
  [
    'of IPv6 is its network',
    { trust: '::/0', peer: '2001:db8::1', forwardedFor: '2001:db8:1:2:3::9' },
    '2001:db8:1:2::/64',
  ],
];

describe('the address that limits count by', () => {
  it.each(CASES)('%s', (_sentence, call, key) => {
    expect(keyOf(call)).toBe(key);
  });

  it('is none on this machine, in development and test only', () => {
    const peer = '127.0.0.1';
    expect(keyOf({ trust: '', peer, environment: 'development' })).toBeUndefined();
    expect(keyOf({ trust: '', peer })).toBe(peer);
    expect(keyOf({ trust: peer, peer, forwardedFor: '192.0.2.7', environment: 'test' })).toBe('192.0.2.7');
    expect(keyOf({ trust: peer, peer: '192.0.2.7', forwardedFor: peer, environment: 'test' })).toBe('192.0.2.7');
  });
});

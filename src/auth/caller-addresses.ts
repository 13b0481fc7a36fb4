import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { TrustedProxies } from '../config/trusted-proxies.js';
import { addressKey, isLoopback } from './client-address.js';

/** What of a request, or of an upgrade, says where it comes from. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Some proxies write the port of the client too: 192.0.2.7:4711, [2001:db8::1]:4711. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+):\d+|\[([^\]]+)\](?::\d+)?)$/;

/** Where requests come from, seen through the proxies of TRUSTED_PROXIES. The same for every door, so that they count alike. */
@Injectable()
export class CallerAddresses {
  private readonly isTrusted: (address: string, hop: number) => boolean;
  private readonly exemptLoopback: boolean;

  constructor({ trustedProxies, limits }: Configuration) {
    this.isTrusted = trustOf(trustedProxies);
    this.exemptLoopback = limits.exemptLoopback;
  }

  /** By what limits per address count the caller; undefined: there is no limit for it. */
  limitKey(arrival: Arrival): string | undefined {
    const address = this.addressOf(arrival);
    return this.exemptLoopback && isLoopback(address) ? undefined : addressKey(address);
  }

  /**
   * From the peer towards the client, for as long as whoever names the next one is trusted: each proxy puts who spoke to it at the end of
   * X-Forwarded-For, and what stands before that is only what it was told.
   */
  private addressOf({ headers, socket }: Arrival): string {
    let address = socket.remoteAddress ?? '';
    const named = String(headers['x-forwarded-for'] ?? '').split(',');
    for (const [hop, text] of named.reverse().entries()) {
      const next = withoutPort(text.trim());
      if (!this.isTrusted(address, hop) || isIP(next) === 0) break;
      address = next;
    }
    return address;
  }
}

function trustOf(proxies: TrustedProxies): (address: string, hop: number) => boolean {
  if ('hops' in proxies) return (_address, hop) => hop < proxies.hops;
  const trusted = new BlockList();
  for (const { address, prefixBits, family } of proxies.networks) trusted.addSubnet(address, prefixBits, family);
  return (address) => isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function withoutPort(text: string): string {
  const [, ipv4, ipv6] = WITH_PORT.exec(text) ?? [];
  return ipv4 ?? ipv6 ?? text;
}

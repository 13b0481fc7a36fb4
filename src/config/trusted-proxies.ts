import { isIP } from 'node:net';
import { z } from 'zod';

/** A network, or one address: then all its bits are the prefix. */
export interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefixBits: number;
}

/** Whose word is taken for where a request comes from: so many proxies in a row, or those in these networks. */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly Network[] };

const HOPS = /^\d{1,2}$/;
const PREFIX = /^\d{1,3}$/;

/** `2`, or `10.0.0.0/8, 192.0.2.7, fd00::/8`. */
export const trustedProxies = z.string().transform((value, context): TrustedProxies => {
  if (HOPS.test(value)) return { hops: Number(value) };
  const networks = value.split(',').map((item) => networkOf(item.trim()));
  if (networks.every((network) => network !== undefined)) return { networks };
  context.addIssue({
    code: 'custom',
    message: 'must be addresses and networks such as 10.0.0.0/8, or a number of hops',
  });
  return z.NEVER;
});

function networkOf(item: string): Network | undefined {
  const [address = '', prefix, ...rest] = item.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (prefix !== undefined && (!PREFIX.test(prefix) || Number(prefix) > bits)) return undefined;
  return {
    address,
    family: version === 4 ? 'ipv4' : 'ipv6',
    prefixBits: prefix === undefined ? bits : Number(prefix),
  };
}

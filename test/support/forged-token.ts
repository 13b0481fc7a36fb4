import type { KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, type JWTPayload } from 'jose';

/** What is different from a good token. */
export interface Forgery {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, string>>;
}

/** A token like a good one but for some claims, signed with a key that may be the right one. */
export function forgedToken(
  good: string,
  key: KeyObject | Uint8Array,
  { claims, header }: Forgery = {},
): Promise<string> {
  const { alg = 'EdDSA', kid = '', typ = '' } = decodeProtectedHeader(good);
  return new SignJWT({ ...decodeJwt(good), ...claims }).setProtectedHeader({ alg, kid, typ, ...header }).sign(key);
}

/** A good token's claims with `alg: none` and no signature. */
export function unsignedToken(good: string): string {
  const header = { ...decodeProtectedHeader(good), alg: 'none' };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode(header)}.${encode(decodeJwt(good))}.`;
}

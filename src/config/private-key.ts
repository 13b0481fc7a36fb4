import { createPrivateKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** How a key signs: EdDSA with Ed25519, or ES256. Nothing else is ever accepted, whatever a token says. */
export type SigningAlgorithm = 'EdDSA' | 'ES256';

/** A private key from PEM (PKCS #8 or SEC 1; line breaks may be written as \n) or from a JWK; undefined when the text is neither. */
export function parsePrivateKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text.trimStart().startsWith('{') ? jwkOf(text) : text.replaceAll('\\n', '\n'));
  } catch {
    // The reason would quote the key.
    return undefined;
  }
}

export function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  return undefined;
}

const jwkOf = (text: string): JsonWebKeyInput => ({
  format: 'jwk',
  key: z.record(z.string(), z.unknown()).parse(JSON.parse(text)),
});

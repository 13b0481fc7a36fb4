import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKey } from '../../src/auth/signing-key.js';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { newPrivateKey, pemOf } from './auth-app.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goldenpath-key-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(environment: Record<string, string>): Promise<SigningKey> {
  const key = new SigningKey(loadConfiguration({ NODE_ENV: 'test', ...environment }));
  await key.onModuleInit();
  return key;
}

const problemsOf = (environment: Record<string, string>) =>
  load(environment).then(
    () => [],
    (error: unknown) => (error instanceof ConfigurationError ? error.problems : [error]),
  );

describe('the signing key', () => {
  it('of an embedded server is made once, in its data folder, for its owner only', async () => {
    const dataDir = join(folder, 'not', 'there', 'yet');
    const first = await load({ DATA_DIR: dataDir });
    const second = await load({ DATA_DIR: dataDir });
    expect(second.current().keyId).toBe(first.current().keyId);
    expect(first.current().algorithm).toBe('EdDSA');
    const file = await stat(join(dataDir, 'jwt-key.pem'));
    if (process.platform !== 'win32') expect(file.mode & 0o777).toBe(0o600);
  });

  it('comes as PEM, as PEM on one line, or as JWK, in a variable or a file: the same key, the same id', async () => {
    const key = newPrivateKey();
    const jwk = JSON.stringify(key.export({ format: 'jwk' }));
    const file = join(folder, 'key.pem');
    await writeFile(file, pemOf(key));
    const keys = await Promise.all([
      load({ JWT_PRIVATE_KEY: pemOf(key) }),
      load({ JWT_PRIVATE_KEY: pemOf(key).trim().replaceAll('\n', '\\n') }),
      load({ JWT_PRIVATE_KEY: jwk }),
      load({ JWT_KEY_FILE: file }),
    ]);
    expect(new Set(keys.map((one) => one.current().keyId)).size).toBe(1);
  });

  it('may be ES256', async () => {
    const sec1 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'sec1' });
    expect((await load({ JWT_PRIVATE_KEY: sec1.toString() })).current().algorithm).toBe('ES256');
  });

  it.each([
    ['junk', 'nonsense'],
    ['a public key', generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['RSA', pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
    ['another curve', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)],
    ['junk in braces', '{"kty":'],
  ])('that is %s stops the start with one line, without the key', async (_name, text) => {
    expect(await problemsOf({ JWT_PRIVATE_KEY: text })).toEqual([
      'JWT_PRIVATE_KEY: must be an Ed25519 or P-256 private key, as PEM or JWK',
    ]);
  });

  it('that can not be read stops the start', async () => {
    expect(await problemsOf({ JWT_KEY_FILE: join(folder, 'absent.pem') })).toEqual([
      "JWT_KEY_FILE: can't be read (ENOENT)",
    ]);
  });

  it('does not show its private part', async () => {
    const key = newPrivateKey();
    const { publicJwk } = (await load({ JWT_PRIVATE_KEY: pemOf(key) })).current();
    expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });
});

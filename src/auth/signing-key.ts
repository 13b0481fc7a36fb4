import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { AppError } from '../errors/app-error.js';
import { algorithmOf, parsePrivateKey, type SigningAlgorithm } from '../config/private-key.js';
import { ownKey } from './key-file.js';
import { systemErrorCode } from './system-error.js';

/** The key pair of access tokens. */
export interface KeyPair {
  readonly algorithm: SigningAlgorithm;
  /** RFC 7638 thumbprint: the same on every replica that has the same key. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As /.well-known/jwks.json shows it. */
  readonly publicJwk: JWK;
}

/** Finds the key at start: JWT_PRIVATE_KEY, the file JWT_KEY_FILE, or the embedded server's own. Throws ConfigurationError. */
@Injectable()
export class SigningKey implements OnModuleInit {
  private pair: KeyPair | undefined;

  constructor(private readonly configuration: Configuration) {}

  async onModuleInit(): Promise<void> {
    const { variable, text } = await this.find();
    const privateKey = parsePrivateKey(text);
    const algorithm = privateKey && algorithmOf(privateKey);
    if (privateKey === undefined || algorithm === undefined) {
      throw new ConfigurationError([`${variable}: must be an Ed25519 or P-256 private key, as PEM or JWK`]);
    }
    const publicKey = createPublicKey(privateKey);
    const jwk = await exportJWK(publicKey);
    const keyId = await calculateJwkThumbprint(jwk);
    this.pair = {
      algorithm,
      keyId,
      privateKey,
      publicKey,
      publicJwk: { ...jwk, kid: keyId, alg: algorithm, use: 'sig' },
    };
  }

  current(): KeyPair {
    if (this.pair === undefined) throw new AppError('service_unavailable', 'The server is starting; try again.');
    return this.pair;
  }

  private async find(): Promise<{ variable: string; text: string }> {
    const { jwtPrivateKey, jwtKeyFile, embedded, dataDir } = this.configuration;
    if (jwtPrivateKey !== undefined) return { variable: 'JWT_PRIVATE_KEY', text: jwtPrivateKey };
    if (jwtKeyFile !== undefined) return { variable: 'JWT_KEY_FILE', text: await readKeyFile(jwtKeyFile) };
    if (embedded) return { variable: 'DATA_DIR', text: await ownKey(dataDir) };
    throw new ConfigurationError(['JWT_PRIVATE_KEY: is required (or JWT_KEY_FILE) with DATABASE_URL']);
  }
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError([`JWT_KEY_FILE: can't be read (${systemErrorCode(error) ?? 'unknown'})`]);
  }
}

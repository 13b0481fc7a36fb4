import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A random secret of 256 bits, base64url: refresh tokens and tickets. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/**
 * What is stored in a secret's place. A plain hash is enough: 256 random bits can't be guessed, and who reads the table
 * can't turn a row back into a token.
 */
export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

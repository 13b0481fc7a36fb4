import { createHmac, hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../errors/app-error.js';
import { Database } from '../../persistence/database.js';

type Kind = 'user' | 'key' | 'prompt' | 'row';

const REMEMBERED_MAX = 10_000;
const REMEMBERED_CHARS_MAX = 200;

/**
 * Stands in for what must not be stored: users, keys, prompts. The same value gives the same hash within a tenant, and another one in
 * every other tenant. 126 bits, so that two values never share one.
 */
export class Pseudonyms {
  private readonly remembered = new Map<string, string>();

  constructor(private readonly salt: string) {}

  /** The same as of(), for values that come again and again in a file: they are hashed once. */
  ofRepeated(kind: Kind, value: string): string {
    if (value.length > REMEMBERED_CHARS_MAX) return this.of(kind, value);
    const key = `${kind}\n${value}`;
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.clear();
    const made = this.of(kind, value);
    this.remembered.set(key, made);
    return made;
  }

  of(kind: Kind, value: string): string {
    // The kind keeps a key that equals a user's name from having that user's hash.
    return hash('sha256', `${this.salt}\n${kind}\n${value}`, 'base64url').slice(0, 21);
  }
}

/** Makes the pseudonyms of a tenant. */
@Injectable()
export class TenantPseudonyms {
  constructor(private readonly database: Database) {}

  /**
   * The salt is derived from the installation's random id as it stands in its table, which moves with the data: hashes stay the same
   * after a restore on another machine, where Installation.logId() changes and would make every re-import look new.
   */
  async of(tenantId: string): Promise<Pseudonyms> {
    const installation = await this.database.row<{ secret: string }>(
      'SELECT log_id::text AS secret FROM installation WHERE id = 1',
    );
    if (installation === undefined) throw new AppError('service_unavailable', 'The installation is not set up yet.');
    return new Pseudonyms(createHmac('sha256', installation.secret).update(`usage ${tenantId}`).digest('base64url'));
  }
}

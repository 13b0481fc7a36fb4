import { createHmac, hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../errors/app-error.js';
import { Database } from '../../persistence/database.js';

/**
 * Stands in for what must not be stored: users, keys, prompts. The same value gives the same hash within a tenant, and another one in
 * every other tenant. 126 bits, so that two values never share one.
 */
export class Pseudonyms {
  constructor(private readonly salt: string) {}

  of(kind: 'user' | 'key' | 'prompt' | 'row', value: string): string {
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

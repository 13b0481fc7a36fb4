import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { Clock } from '../telemetry/clock.js';
import { AccessTokens } from './access-tokens.js';
import type { Identity } from './identity.js';
import { hashOfSecret, newSecret } from './secrets.js';
import { SessionRegistry } from './session-registry.js';

export interface Ticket {
  readonly ticket: string;
  readonly expiresInS: number;
}

interface TicketRow {
  readonly session_id: string;
  readonly expires_at: Date;
}

const LIFE_S = 30;
/** Most expired ones that issuing a ticket sweeps away: the table stays as small as half a minute's tickets. */
const SWEEP_MAX = 100;

/** Tickets for browsers, which can't set headers on a WebSocket or EventSource: in the URL, but good once and for half a minute only. */
@Injectable()
export class Tickets {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRegistry,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  async issue(identity: Identity): Promise<Ticket> {
    const ticket = newSecret();
    const now = this.clock.now();
    await this.database.execute(
      `WITH swept AS (
         DELETE FROM ws_ticket WHERE ticket_hash IN
           (SELECT ticket_hash FROM ws_ticket WHERE expires_at < $5 LIMIT ${SWEEP_MAX} FOR UPDATE SKIP LOCKED))
       INSERT INTO ws_ticket (ticket_hash, session_id, tenant_id, user_id, expires_at) VALUES ($1, $2, $3, $4, $6)`,
      [
        hashOfSecret(ticket),
        identity.sessionId,
        identity.tenantId,
        identity.userId,
        now,
        new Date(now.getTime() + LIFE_S * 1000),
      ],
    );
    return { ticket, expiresInS: LIFE_S };
  }

  /** Throws AppError ticket_invalid (unknown, used, expired) or, when its session ended meanwhile, token_revoked. */
  async redeem(ticket: string): Promise<Identity> {
    // Of two at once the DELETE gives the row to one.
    const row = await this.database.row<TicketRow>(
      'DELETE FROM ws_ticket WHERE ticket_hash = $1 RETURNING session_id, expires_at',
      [hashOfSecret(ticket)],
    );
    const now = this.clock.now();
    if (row === undefined || row.expires_at <= now)
      throw new AppError('ticket_invalid', 'The ticket is unknown, used or expired.');
    const session = await this.sessions.requireLive(row.session_id);
    const expiresAt = new Date(now.getTime() + this.accessTokens.lifeS * 1000);
    return { ...session, sessionId: row.session_id, expiresAt };
  }
}

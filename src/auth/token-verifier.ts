import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../telemetry/clock.js';
import { ACCESS_TOKEN } from './access-tokens.js';
import type { Identity } from './identity.js';
import { SessionRegistry } from './session-registry.js';
import { SigningKey } from './signing-key.js';

const claimsSchema = z.object({ sub: z.uuid(), tid: z.uuid(), sid: z.uuid(), exp: z.number() });
type Claims = z.output<typeof claimsSchema>;

/** Ours have less than a thousand; nothing longer is worth decoding. */
const TOKEN_LENGTH_MAX = 4096;

/**
 * The only place that validates a JWT, whatever door it comes through. Checks signature (with our key and its one algorithm, never with what the
 * token asks for), typ, kid, iss, aud, exp, nbf, and that its session is live and its user not disabled.
 */
@Injectable()
export class TokenVerifier {
  constructor(
    private readonly signingKey: SigningKey,
    private readonly sessions: SessionRegistry,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError token_invalid, token_expired, token_revoked, or database_unavailable. Roles are those of now, not of when it was signed. */
  async verify(token: string): Promise<Identity> {
    const claims = await this.claimsOf(token);
    const session = await this.sessions.requireLive(claims.sid);
    if (session.userId !== claims.sub || session.tenantId !== claims.tid) throw invalid();
    const { tenantId, userId, roles } = session;
    return { tenantId, userId, sessionId: claims.sid, roles, expiresAt: new Date(claims.exp * 1000) };
  }

  private async claimsOf(token: string): Promise<Claims> {
    const claims = claimsSchema.safeParse(await this.payloadOf(token));
    if (!claims.success) throw invalid();
    return claims.data;
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    if (token.length > TOKEN_LENGTH_MAX) throw invalid();
    const { algorithm, publicKey, keyId } = this.signingKey.current();
    const keyOf = ({ kid }: JWTHeaderParameters) => {
      if (kid !== keyId) throw invalid();
      return publicKey;
    };
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: [algorithm],
        typ: ACCESS_TOKEN.type,
        issuer: ACCESS_TOKEN.issuer,
        audience: ACCESS_TOKEN.audience,
        requiredClaims: ['exp', 'nbf', 'iat'],
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      throw error instanceof errors.JWTExpired ? expired(error) : invalid(error);
    }
  }
}

const expired = (cause: unknown): AppError => new AppError('token_expired', 'The access token has expired.', { cause });
const invalid = (cause?: unknown): AppError =>
  new AppError('token_invalid', 'The access token is not valid.', { cause });

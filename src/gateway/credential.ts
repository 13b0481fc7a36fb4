import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/app-error.js';

/** What a client shows at the upgrade. `none`: it will send an authenticate frame. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'ticket'; readonly ticket: string }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'none' };

/** The subprotocol that the server picks; the one with the token is never echoed. */
export const SUBPROTOCOL = 'jwt-auth';
const TOKEN_SUBPROTOCOL = /^(?:jwt|jwt-auth|bearer)\.(.+)$/i;
const TOKEN_PARAMETERS = ['token', 'access_token'];

/** The first source of a token decides, in the order of the protocol; a wrong one is refused and no other is tried. */
export function credentialOf(request: IncomingMessage, query: URLSearchParams): Credential {
  if (TOKEN_PARAMETERS.some((name) => query.has(name))) {
    const message =
      'A token in the URL ends up in logs: use a header, a subprotocol, a ticket or an authenticate frame.';
    return { kind: 'refused', error: new AppError('token_in_query', message) };
  }
  const token =
    bearerToken(request.headers.authorization) ?? subprotocolToken(request.headers['sec-websocket-protocol']);
  if (token !== undefined) return { kind: 'token', token };
  const ticket = query.get('ticket');
  return ticket === null ? { kind: 'none' } : { kind: 'ticket', ticket };
}

/** An empty one counts as present: it is refused, not passed over. */
function bearerToken(authorization: string | undefined): string | undefined {
  const found = /^bearer(?:\s+(.*))?$/i.exec(authorization?.trim() ?? '');
  return found === null ? undefined : (found[1] ?? '');
}

function subprotocolToken(offered: string | undefined): string | undefined {
  for (const protocol of offered?.split(',') ?? []) {
    const found = TOKEN_SUBPROTOCOL.exec(protocol.trim())?.[1];
    if (found !== undefined) return found.includes('.') ? found : Buffer.from(found, 'base64url').toString('utf8');
  }
  return undefined;
}

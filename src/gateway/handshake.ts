import type { IncomingMessage } from 'node:http';
import { credentialOf, type Credential } from './credential.js';

/** What an upgrade request says. */
export interface Handshake {
  readonly path: string;
  readonly credential: Credential;
  /** Everything, one thread, or nothing until the client subscribes. */
  readonly follow: 'all' | 'thread' | 'none';
  readonly boundThreadId: string | undefined;
}

/** Undefined when the request's target is no URL. */
export function handshakeOf(request: IncomingMessage): Handshake | undefined {
  const target = request.url ?? '/';
  if (!URL.canParse(target, 'ws://server')) return undefined;
  const { pathname, searchParams } = new URL(target, 'ws://server');
  const boundThreadId = searchParams.get('thread') ?? undefined;
  return {
    path: pathname,
    credential: credentialOf(request, searchParams),
    follow: searchParams.get('follow') === 'none' ? 'none' : boundThreadId === undefined ? 'all' : 'thread',
    boundThreadId,
  };
}

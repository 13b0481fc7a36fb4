import { type Clock, systemClock } from './clock.js';
import type { WebSocketConstructor } from './web-socket.js';

/** A function is asked again for each connection and whenever the token is about to expire. */
export type TokenSource = string | (() => Promise<string>);

export interface ClientOptions {
  /** `ws://host:port` or `wss://…`; http and https are taken too. Without a path, `/ws`. */
  url: string;
  token: TokenSource;
  /** From the start of a connection to its connection_ready. Default 15,000. */
  connectTimeoutMs?: number;
  /** From a request to its answer, reconnects included. Default 30,000. */
  requestTimeoutMs?: number;
  /** Lost connections in a row before the client gives up. Default 20. */
  maxReconnectAttempts?: number;
  /** Requests without an answer. Default 1000. */
  maxPendingRequests?: number;
  /** Events one iterator may be behind. Default 10,000. */
  maxQueuedEvents?: number;
  /** Threads followed at once; beyond it, those longest without a run are let go. Default 200. */
  maxFollowedThreads?: number;
  /** Used like a browser's: the token goes in a subprotocol. Default: `ws` on Node, else the global WebSocket. */
  webSocket?: WebSocketConstructor;
  clock?: Clock;
  /** 0 ≤ n < 1, for jitter. */
  random?: () => number;
  newId?: () => string;
}

export type Settings = Required<Omit<ClientOptions, 'webSocket'>> & Pick<ClientOptions, 'webSocket'>;

const DEFAULTS = {
  connectTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  maxReconnectAttempts: 20,
  maxPendingRequests: 1000,
  maxQueuedEvents: 10_000,
  maxFollowedThreads: 200,
  clock: systemClock,
  random: Math.random,
  newId: () => crypto.randomUUID(),
};

/** Throws a TypeError when the url is none. */
export function withDefaults(options: ClientOptions): Settings {
  return { ...DEFAULTS, ...options, url: socketUrl(options.url) };
}

/** The client says itself what it follows, so that it can resume. */
function socketUrl(given: string): string {
  const url = new URL(given.replace(/^http/, 'ws'));
  if (url.pathname === '/') url.pathname = '/ws';
  url.searchParams.set('follow', 'none');
  return url.href;
}

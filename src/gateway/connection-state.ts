/** Where a connection is between its upgrade and its end. */
export type ConnectionState = 'connecting' | 'authenticated' | 'ready' | 'draining' | 'closed';

const NEXT = {
  connecting: ['authenticated', 'closed'],
  authenticated: ['ready', 'closed'],
  ready: ['draining', 'closed'],
  draining: ['closed'],
  closed: [],
} as const satisfies Record<ConnectionState, readonly ConnectionState[]>;

/** Throws on a transition that does not exist: it would be a mistake of ours. */
export function nextState(from: ConnectionState, to: ConnectionState): ConnectionState {
  const allowed: readonly ConnectionState[] = NEXT[from];
  if (!allowed.includes(to)) throw new Error(`a connection can't go from ${from} to ${to}`);
  return to;
}

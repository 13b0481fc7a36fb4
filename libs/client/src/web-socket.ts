/** The part of the standard WebSocket that is used here; the browser's and `ws` both have it. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Only `ws` has it: ends without waiting for the peer. */
  terminate?(): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
}

/** The browser's WebSocket, or anything like it. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

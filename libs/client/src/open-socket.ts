import type { Settings } from './options.js';
import type { WebSocketConstructor, WebSocketLike } from './web-socket.js';

/**
 * What opens a socket with a token, at once. Node can send a header; a browser's WebSocket can't, so the token goes in a
 * subprotocol there.
 */
export async function socketOpener(settings: Settings): Promise<(token: string) => WebSocketLike> {
  const { url, webSocket } = settings;
  if (webSocket !== undefined) return (token) => openWithSubprotocol(webSocket, url, token);
  if (isNode()) {
    const { WebSocket } = await import('ws');
    return (token) =>
      new WebSocket(url, {
        headers: { authorization: `Bearer ${token}` },
        perMessageDeflate: false,
        handshakeTimeout: settings.connectTimeoutMs,
      });
  }
  const global: unknown = Reflect.get(globalThis, 'WebSocket');
  if (!isConstructor(global)) throw new TypeError('There is no WebSocket here: give one as options.webSocket');
  return (token) => openWithSubprotocol(global, url, token);
}

/** The server picks the plain name; the one with the token is never echoed. */
function openWithSubprotocol(Socket: WebSocketConstructor, url: string, token: string): WebSocketLike {
  const encoded = btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return new Socket(url, ['jwt-auth', `jwt.${encoded}`]);
}

function isNode(): boolean {
  return typeof process === 'object' && typeof process.versions.node === 'string';
}

function isConstructor(value: unknown): value is WebSocketConstructor {
  return typeof value === 'function';
}

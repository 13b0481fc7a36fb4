const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of this origin may open a socket: against cross-site WebSocket hijacking.
 * No Origin: not a browser, allowed. Without a list: the server's own (the Host of the request) and localhost.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[] | undefined,
): boolean {
  if (origin === undefined) return true;
  const url = parse(origin);
  if (url === undefined) return false;
  if (allowed !== undefined) return allowed.some((entry) => parse(entry)?.origin === url.origin);
  return LOCAL_NAMES.has(url.hostname) || url.host === host?.toLowerCase();
}

/** An origin is scheme, host and port; `null` (a sandboxed page) and anything else is none. */
function parse(origin: string): URL | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  return url.origin === 'null' ? undefined : url;
}

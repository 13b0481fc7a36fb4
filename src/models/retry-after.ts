/** How long a provider asks us to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date. undefined: it does not say. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const milliseconds = count(named['retry-after-ms']);
  if (milliseconds !== undefined) return milliseconds;
  const seconds = count(named['retry-after']);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(named['retry-after'] ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;

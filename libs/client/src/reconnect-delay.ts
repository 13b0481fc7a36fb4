import type { ReconnectPolicy } from '@goldenpath/protocol';

const MAX_DELAY_MS = 30_000;
const FIRST_DELAY_MS = { resume: 250, back_off: 5_000, new_token: 250 } satisfies Record<
  Exclude<ReconnectPolicy, 'never'>,
  number
>;

export interface LostConnection {
  policy: Exclude<ReconnectPolicy, 'never'>;
  /** 0 for the first loss in a row. */
  attempt: number;
  /** What the server asked for. */
  retryAfterMs: number;
}

/** Doubles up to 30 s, half of it jitter, so that the clients of a lost server don't return all at once; in ms. */
export function reconnectDelayMs(lost: LostConnection, random: () => number): number {
  const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS[lost.policy] * 2 ** lost.attempt);
  return Math.max(lost.retryAfterMs, Math.round(ceilingMs / 2 + (random() * ceilingMs) / 2));
}

export type PathHealth = 'HEALTHY' | 'WARNING' | 'AT_RISK' | 'NO_DATA';

const HEALTHY_FROM = 0.98;
const AT_RISK_BELOW = 0.95;

/** The share of what arrived in what could have arrived: pending events say nothing, and without others there is no data. */
export function healthOf({ delivered, failed }: { readonly delivered: number; readonly failed: number }): {
  readonly success_rate: number | null;
  readonly status: PathHealth;
} {
  if (delivered + failed === 0) return { success_rate: null, status: 'NO_DATA' };
  const rate = delivered / (delivered + failed);
  if (rate >= HEALTHY_FROM) return { success_rate: rate, status: 'HEALTHY' };
  return { success_rate: rate, status: rate < AT_RISK_BELOW ? 'AT_RISK' : 'WARNING' };
}

/** The path is as good as the worst of its events. */
export const worstOf = (states: readonly PathHealth[]): PathHealth =>
  (['AT_RISK', 'WARNING', 'HEALTHY'] as const).find((state) => states.includes(state)) ?? 'NO_DATA';

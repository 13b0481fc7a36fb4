/** What one feature of the sample company does with a model. */
export interface Workload {
  /** Empty: nobody has tagged it, as happens. */
  readonly team: string;
  readonly feature: string;
  readonly provider: string;
  readonly model: string;
  /** What it used before this one came out, YYYY-MM-DD. */
  readonly before?: { readonly model: string; readonly until: string };
  /** Rows on a working day: requests, or buckets of `callsPerRow`. */
  readonly rowsPerDay: number;
  /** Absent: each row is one request. */
  readonly callsPerRow?: number;
  /** Rows at weekends, as a share of those of a working day. */
  readonly weekendShare: number;
  /** First and last hour (UTC) of its work. */
  readonly hours: readonly [number, number];
  readonly inputTokens: number;
  /** Share of the input that comes from the provider's cache. */
  readonly cachedShare: number;
  readonly outputTokens: number;
  readonly stream: boolean;
  readonly latencyMs: number;
  readonly errorShare: number;
  readonly users: number;
  /** What the gateway bills, as a share of the list price: it does not know every price. */
  readonly reportedShare: number;
  readonly dailyGrowth: number;
}

/** A software company of 120 people. Token counts and rates are medians or means of one call. */
export const WORKLOADS: readonly Workload[] = [
  {
    team: 'support',
    feature: 'chat-assistant',
    provider: 'openai',
    model: 'gpt-4o',
    rowsPerDay: 58,
    weekendShare: 0.5,
    hours: [6, 21],
    inputTokens: 14_000,
    cachedShare: 0.3,
    outputTokens: 640,
    stream: true,
    latencyMs: 4_200,
    errorShare: 0.012,
    users: 38,
    reportedShare: 1,
    dailyGrowth: 0.006,
  },
  {
    team: 'engineering',
    feature: 'code-review',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    before: { model: 'claude-sonnet-4-0', until: '2025-09-29' },
    rowsPerDay: 26,
    weekendShare: 0.1,
    hours: [7, 18],
    inputTokens: 27_000,
    cachedShare: 0.1,
    outputTokens: 1_700,
    stream: false,
    latencyMs: 21_000,
    errorShare: 0.03,
    users: 24,
    reportedShare: 1.08,
    dailyGrowth: 0.003,
  },
  {
    team: 'data',
    feature: 'nightly-enrichment',
    provider: 'openai',
    model: 'gpt-4o-mini',
    rowsPerDay: 4,
    callsPerRow: 2_500,
    weekendShare: 1,
    hours: [1, 4],
    inputTokens: 950,
    cachedShare: 0,
    outputTokens: 210,
    stream: false,
    latencyMs: 1_900,
    errorShare: 0,
    users: 1,
    reportedShare: 1,
    dailyGrowth: 0.004,
  },
  {
    team: 'product',
    feature: 'search-ranking',
    provider: 'google',
    model: 'gemini-2.5-flash',
    rowsPerDay: 8,
    callsPerRow: 900,
    weekendShare: 1,
    hours: [0, 23],
    inputTokens: 1_150,
    cachedShare: 0,
    outputTokens: 60,
    stream: false,
    latencyMs: 700,
    errorShare: 0,
    users: 1,
    reportedShare: 1,
    dailyGrowth: 0.002,
  },
  {
    team: 'marketing',
    feature: 'copywriting',
    provider: 'openai',
    model: 'gpt-5-mini',
    rowsPerDay: 9,
    weekendShare: 0.1,
    hours: [8, 17],
    inputTokens: 1_800,
    cachedShare: 0,
    outputTokens: 900,
    stream: true,
    latencyMs: 9_500,
    errorShare: 0.01,
    users: 6,
    reportedShare: 1,
    dailyGrowth: 0,
  },
  {
    team: '',
    feature: '',
    provider: 'openai',
    model: 'gpt-4o',
    rowsPerDay: 3,
    callsPerRow: 90,
    weekendShare: 0.8,
    hours: [5, 22],
    inputTokens: 2_100,
    cachedShare: 0,
    outputTokens: 380,
    stream: false,
    latencyMs: 3_000,
    errorShare: 0,
    users: 1,
    reportedShare: 1,
    dailyGrowth: 0.012,
  },
];

/** From a Tuesday to the Wednesday a release of the chat assistant sent the whole conversation twice and asked again on every time-out. */
export const INCIDENT = {
  feature: 'chat-assistant',
  firstDay: 43,
  lastDay: 44,
  rowsFactor: 2.2,
  inputFactor: 2.4,
  errorShare: 0.12,
} as const;

/** One row of `usage_event` as it is written; tenant, source and import are those of its import. */
export interface UsageRow {
  readonly sourceRowId: string;
  /** The provider's id of the answer: the same request in another source is not stored again. */
  readonly responseId: string | undefined;
  /** A line of a bill: it counts as spend only where no usage of its provider and day is there. */
  readonly isBill: boolean;
  readonly rowKind: 'request' | 'bucket';
  readonly tsStart: Date;
  readonly tsEnd: Date | undefined;
  readonly provider: string | undefined;
  readonly modelRaw: string | undefined;
  readonly modelId: string | undefined;
  readonly operation: string | undefined;
  readonly tokens: RowTokens;
  /** 1 for a request; for a bucket undefined when unknown. */
  readonly requests: number | undefined;
  readonly status: 'ok' | 'error' | 'cached' | 'aborted';
  readonly errorType: string | undefined;
  readonly latencyMs: number | undefined;
  readonly ttftMs: number | undefined;
  readonly stream: boolean | undefined;
  readonly finishReason: string | undefined;
  readonly isBatch: boolean | undefined;
  readonly serviceTier: string | undefined;
  readonly team: string | undefined;
  readonly project: string | undefined;
  readonly feature: string | undefined;
  readonly hashes: RowHashes;
  readonly sessionId: string | undefined;
  readonly traceId: string | undefined;
  /** JSON text. */
  readonly tags: string | undefined;
  readonly costReported: bigint | undefined;
  readonly costComputed: bigint | undefined;
  readonly priceVersion: string;
  readonly priceStatus: 'priced' | 'tier_approximated' | 'unpriced' | 'invalid' | 'billed';
}

export interface RowTokens {
  /** Always the sum of the four parts below. */
  readonly inputTotal: number;
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly outputTotal: number;
  readonly reasoning: number | undefined;
}

/** They stand for what is not stored. */
export interface RowHashes {
  readonly user: string | undefined;
  readonly apiKey: string | undefined;
  readonly prompt: string | undefined;
  readonly prefix: string | undefined;
}

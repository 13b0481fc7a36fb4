import type { Price, PriceBook } from '../prices/price-book.js';
import { canonicalProvider } from '../prices/model-name.js';
import { MILLISECONDS_MAX, TEXT_CHARS_MAX } from './importers/field-values.js';
import type { UsageDraft } from './importers/importer.js';
import { Occurrences } from './occurrences.js';
import type { Pseudonyms } from './pseudonyms.js';
import { RejectedRow } from './rejected-row.js';
import { isStorable } from './storable-cost.js';
import type { UsageRow } from './usage-row.js';

export interface RowSettings {
  readonly prices: PriceBook;
  readonly pseudonyms: Pseudonyms;
  readonly now: Date;
  /** The model to price rows as that don't name theirs. */
  readonly priceAs?: string | undefined;
  /** Dimensions and tags for rows that don't have them. */
  readonly tags: Readonly<Record<string, string>>;
}

const EARLIEST = new Date('2015-01-01T00:00:00Z');
const DAY_MS = 86_400_000;
const TAGS_CHARS_MAX = 4_000;

/** Makes rows of drafts: checked, priced, and with hashes in the place of people. One for each file. */
export class UsageRows {
  private readonly occurrences = new Occurrences();
  private readonly latest: Date;

  constructor(private readonly settings: RowSettings) {
    this.latest = new Date(settings.now.getTime() + DAY_MS);
  }

  /** Throws RejectedRow when the row can't be true. */
  make(draft: UsageDraft): UsageRow {
    this.checkTimes(draft);
    const price = this.priceOf(draft);
    checkSizes(draft, price);
    const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, inputUncached } = draft;
    return {
      sourceRowId: this.idOf(draft),
      // Several answers can't have one id; a bucket with it would not be stored beside another.
      responseId: draft.rowKind === 'request' ? draft.responseId : undefined,
      isBill: draft.isBill === true,
      rowKind: draft.rowKind,
      tsStart: draft.tsStart,
      tsEnd: draft.tsEnd,
      provider: price.provider ?? (draft.provider === undefined ? undefined : canonicalProvider(draft.provider)),
      modelRaw: draft.modelRaw,
      modelId: price.modelId,
      operation: draft.operation,
      inputTotal: inputUncached + cacheRead + cacheWrite5m + cacheWrite1h,
      inputUncached,
      cacheRead,
      cacheWrite5m,
      cacheWrite1h,
      outputTotal: draft.output,
      reasoning: draft.reasoning,
      requests: draft.rowKind === 'request' ? 1 : draft.requests,
      status: draft.status,
      errorType: draft.errorType,
      latencyMs: draft.latencyMs,
      ttftMs: draft.ttftMs,
      stream: draft.stream,
      finishReason: draft.finishReason,
      isBatch: draft.isBatch,
      serviceTier: draft.serviceTier,
      ...this.dimensionsOf(draft),
      ...this.pseudonymsOf(draft),
      sessionId: draft.sessionId,
      traceId: draft.traceId,
      ...costOf(draft, price),
    };
  }

  private idOf(draft: UsageDraft): string {
    // An id that fills the column may have been cut, and would no longer be its own.
    if (draft.id !== undefined && draft.id.length < TEXT_CHARS_MAX) return draft.id;
    const identity = this.settings.pseudonyms.of('row', draft.identity);
    const occurrence = this.occurrences.next(identity);
    return occurrence === 0 ? identity : `${identity}#${occurrence}`;
  }

  private checkTimes({ tsStart, tsEnd }: UsageDraft): void {
    if (tsStart < EARLIEST || tsStart > this.latest)
      throw new RejectedRow(`the time is not between 2015 and now: ${tsStart.toISOString()}`);
    if (tsEnd !== undefined && tsEnd < tsStart)
      throw new RejectedRow(`the row ends before it starts: ${tsEnd.toISOString()}`);
  }

  private priceOf(draft: UsageDraft): RowPrice {
    const { prices, priceAs } = this.settings;
    if (draft.isBill === true) return billed(draft, prices);
    return prices.price({
      modelRaw: draft.modelRaw ?? priceAs,
      provider: draft.modelRaw === undefined ? undefined : draft.provider,
      at: draft.tsStart,
      rowKind: draft.rowKind,
      requests: draft.requests ?? null,
      inputUncached: draft.inputUncached,
      cacheRead: draft.cacheRead ?? 0,
      cacheWrite5m: draft.cacheWrite5m ?? 0,
      cacheWrite1h: draft.cacheWrite1h ?? 0,
      output: draft.output,
      isLongContext: draft.isLongContext ?? null,
      isBatch: draft.isBatch ?? null,
      serviceTier: draft.serviceTier ?? null,
    });
  }

  private dimensionsOf(draft: UsageDraft): Pick<UsageRow, 'team' | 'project' | 'feature' | 'tags'> {
    const { team, project, feature, ...others } = this.settings.tags;
    const tags = JSON.stringify({ ...others, ...draft.tags });
    return {
      team: draft.team ?? team,
      project: draft.project ?? project,
      feature: draft.feature ?? feature,
      // JSON text escapes NUL as a backslash u0000, which jsonb refuses.
      tags: tags === '{}' || tags.length > TAGS_CHARS_MAX ? undefined : tags.replaceAll('\\u0000', ''),
    };
  }

  private pseudonymsOf(draft: UsageDraft): Pick<UsageRow, 'userHash' | 'apiKeyRef' | 'promptHash' | 'prefixHash'> {
    const of = (kind: 'user' | 'key' | 'prompt', value: string | undefined) =>
      value === undefined ? undefined : this.settings.pseudonyms.of(kind, value);
    return {
      userHash: of('user', draft.user),
      apiKeyRef: of('key', draft.apiKey),
      promptHash: of('prompt', draft.prompt),
      prefixHash: of('prompt', draft.prefix),
    };
  }
}

type RowPrice = Pick<Price, 'costNanoUsd' | 'provider' | 'modelId' | 'priceVersion'> & {
  readonly status: UsageRow['priceStatus'];
};

/** One row that no column can hold would fail its whole file. */
function checkSizes({ latencyMs = 0, ttftMs = 0, costReportedNanoUsd = 0n }: UsageDraft, price: RowPrice): void {
  if (Math.max(latencyMs, ttftMs) > MILLISECONDS_MAX)
    throw new RejectedRow(`a request can't take ${Math.max(latencyMs, ttftMs)} ms`);
  if (![costReportedNanoUsd, price.costNanoUsd ?? 0n].every(isStorable))
    throw new RejectedRow('the cost is more than can be counted');
}

/** What a gateway answers from its own cache costs nothing. */
const costOf = (draft: UsageDraft, price: RowPrice) => ({
  costReported: draft.costReportedNanoUsd,
  costComputed: draft.status === 'cached' ? 0n : price.costNanoUsd,
  priceVersion: price.priceVersion,
  priceStatus: draft.status === 'cached' ? ('priced' as const) : price.status,
});

/** A line of a bill has its cost; the price book only tells which model it names. */
function billed({ modelRaw, tsStart, provider }: UsageDraft, prices: PriceBook): RowPrice {
  const model = modelRaw === undefined ? undefined : prices.describeModel(modelRaw, tsStart, provider);
  return {
    status: 'billed',
    costNanoUsd: undefined,
    // The one who bills, as the source says: that is what usage is compared with.
    provider: provider === undefined ? model?.provider : canonicalProvider(provider),
    modelId: model?.modelId,
    priceVersion: prices.version,
  };
}

import type { Price, PriceBook } from '../prices/price-book.js';
import { canonicalProvider } from '../prices/model-name.js';
import { MILLISECONDS_MAX, TEXT_CHARS_MAX } from './importers/field-values.js';
import type { UsageDraft } from './importers/importer.js';
import { Occurrences } from './occurrences.js';
import type { Pseudonyms } from './pseudonyms.js';
import { RejectedRow } from './rejected-row.js';
import { isStorable } from './storable-cost.js';
import type { RowHashes, RowTokens, UsageRow } from './usage-row.js';

export interface RowSettings {
  readonly prices: PriceBook;
  readonly pseudonyms: Pseudonyms;
  readonly now: Date;
  /** The model to price rows as that don't name theirs. */
  readonly priceAs?: string | undefined;
  /** Dimensions and tags for rows that don't have them. */
  readonly tags: Readonly<Record<string, string>>;
}

const EARLIEST_MS = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;
const TAGS_CHARS_MAX = 4_000;
const DIMENSIONS = new Set(['team', 'project', 'feature']);

/** Makes rows of drafts: checked, priced, and with hashes in the place of people. One for each file. */
export class UsageRows {
  private readonly occurrences = new Occurrences();
  private readonly latestMs: number;
  /** Those that are no dimension; undefined without any. */
  private readonly otherTags: Readonly<Record<string, string>> | undefined;

  constructor(private readonly settings: RowSettings) {
    this.latestMs = settings.now.getTime() + DAY_MS;
    const others = Object.entries(settings.tags).filter(([name]) => !DIMENSIONS.has(name));
    this.otherTags = others.length === 0 ? undefined : Object.fromEntries(others);
  }

  /** Throws RejectedRow when the row can't be true. */
  make(draft: UsageDraft): UsageRow {
    this.checkTimes(draft);
    const price = this.priceOf(draft);
    checkSizes(draft, price);
    const { tags } = this.settings;
    const isCached = draft.status === 'cached';
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
      tokens: tokensOf(draft),
      requests: draft.rowKind === 'request' ? 1 : draft.requests,
      status: draft.status,
      errorType: draft.errorType,
      latencyMs: draft.latencyMs,
      ttftMs: draft.ttftMs,
      stream: draft.stream,
      finishReason: draft.finishReason,
      isBatch: draft.isBatch,
      serviceTier: draft.serviceTier,
      team: draft.team ?? tags['team'],
      project: draft.project ?? tags['project'],
      feature: draft.feature ?? tags['feature'],
      hashes: this.hashesOf(draft),
      sessionId: draft.sessionId,
      traceId: draft.traceId,
      tags: this.tagsOf(draft),
      costReported: draft.costReportedNanoUsd,
      // What a gateway answers from its own cache costs nothing.
      costComputed: isCached ? 0n : price.costNanoUsd,
      priceVersion: price.priceVersion,
      priceStatus: isCached ? 'priced' : price.status,
    };
  }

  private hashesOf({ user, apiKey, prompt, prefix }: UsageDraft): RowHashes {
    const { pseudonyms } = this.settings;
    return {
      user: user === undefined ? undefined : pseudonyms.ofRepeated('user', user),
      apiKey: apiKey === undefined ? undefined : pseudonyms.ofRepeated('key', apiKey),
      prompt: prompt === undefined ? undefined : pseudonyms.of('prompt', prompt),
      prefix: prefix === undefined ? undefined : pseudonyms.ofRepeated('prompt', prefix),
    };
  }

  private idOf({ id, identity: content }: UsageDraft): string {
    // An id that fills the column may have been cut, and would no longer be its own.
    if (id !== undefined && id.length < TEXT_CHARS_MAX) return id;
    const identity = this.settings.pseudonyms.of('row', typeof content === 'function' ? content() : content);
    const occurrence = this.occurrences.next(identity);
    return occurrence === 0 ? identity : `${identity}#${occurrence}`;
  }

  private checkTimes({ tsStart, tsEnd }: UsageDraft): void {
    const startMs = tsStart.getTime();
    if (startMs < EARLIEST_MS || startMs > this.latestMs)
      throw new RejectedRow(`the time is not between 2015 and now: ${tsStart.toISOString()}`);
    if (tsEnd !== undefined && tsEnd.getTime() < startMs)
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

  /** JSON; undefined without tags, and when they are more than anybody looks through. */
  private tagsOf({ tags }: UsageDraft): string | undefined {
    if (tags === undefined && this.otherTags === undefined) return undefined;
    const text = JSON.stringify({ ...this.otherTags, ...tags });
    // JSON text escapes NUL as a backslash u0000, which jsonb refuses.
    return text === '{}' || text.length > TAGS_CHARS_MAX ? undefined : text.replaceAll('\\u0000', '');
  }
}

function tokensOf(draft: UsageDraft): RowTokens {
  const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, inputUncached } = draft;
  return {
    inputTotal: inputUncached + cacheRead + cacheWrite5m + cacheWrite1h,
    inputUncached,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    outputTotal: draft.output,
    reasoning: draft.reasoning,
  };
}

type RowPrice = Pick<Price, 'costNanoUsd' | 'provider' | 'modelId' | 'priceVersion'> & {
  readonly status: UsageRow['priceStatus'];
};

/** One row that no column can hold would fail its whole file. */
function checkSizes({ latencyMs = 0, ttftMs = 0, costReportedNanoUsd = 0n }: UsageDraft, price: RowPrice): void {
  if (Math.max(latencyMs, ttftMs) > MILLISECONDS_MAX)
    throw new RejectedRow(`a request can't take ${Math.max(latencyMs, ttftMs)} ms`);
  if (!isStorable(costReportedNanoUsd) || !isStorable(price.costNanoUsd ?? 0n))
    throw new RejectedRow('the cost is more than can be counted');
}

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

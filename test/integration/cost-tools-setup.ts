import { randomUUID } from 'node:crypto';
import { UserExecutionContext } from '../../src/context/user-execution-context.js';
import type { JsonObject } from '../../src/context/json.js';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { PriceOverrideStore } from '../../src/cost-analysis/prices/price-override-store.js';
import { TenantPrices } from '../../src/cost-analysis/prices/tenant-prices.js';
import { BatchOpportunityTool } from '../../src/cost-analysis/tools/batch-opportunity.tool.js';
import { CacheOpportunityTool } from '../../src/cost-analysis/tools/cache-opportunity.tool.js';
import { CombineSavingsTool } from '../../src/cost-analysis/tools/combine-savings.tool.js';
import { CostBreakdownTool } from '../../src/cost-analysis/tools/cost-breakdown.tool.js';
import { DataQualityTool } from '../../src/cost-analysis/tools/data-quality.tool.js';
import { DetectAnomaliesTool } from '../../src/cost-analysis/tools/detect-anomalies.tool.js';
import { DuplicateRequestsTool } from '../../src/cost-analysis/tools/duplicate-requests.tool.js';
import { ExplainChangeTool } from '../../src/cost-analysis/tools/explain-change.tool.js';
import { ForecastSpendTool } from '../../src/cost-analysis/tools/forecast-spend.tool.js';
import { MakeChartTool } from '../../src/cost-analysis/tools/make-chart.tool.js';
import { OutputCapTool } from '../../src/cost-analysis/tools/output-cap.tool.js';
import { OversizedContextTool } from '../../src/cost-analysis/tools/oversized-context.tool.js';
import { CascadeBreakEvenTool } from '../../src/cost-analysis/tools/cascade-break-even.tool.js';
import { CommitmentBreakEvenTool } from '../../src/cost-analysis/tools/commitment-break-even.tool.js';
import { LatencyCostTradeoffTool } from '../../src/cost-analysis/tools/latency-cost-tradeoff.tool.js';
import { PricePerformanceFrontierTool } from '../../src/cost-analysis/tools/price-performance-frontier.tool.js';
import { SearchPricesTool } from '../../src/cost-analysis/tools/search-prices.tool.js';
import { UnitCostsTool } from '../../src/cost-analysis/tools/unit-costs.tool.js';
import { QueryUsageTool } from '../../src/cost-analysis/tools/query-usage.tool.js';
import { ReconcileCostsTool } from '../../src/cost-analysis/tools/reconcile-costs.tool.js';
import { RetryWasteTool } from '../../src/cost-analysis/tools/retry-waste.tool.js';
import { RunDays } from '../../src/cost-analysis/tools/run-days.js';
import { SavingAnalyses } from '../../src/cost-analysis/tools/savings/saving-analyses.js';
import { SimulateModelSubstitutionTool } from '../../src/cost-analysis/tools/simulate-model-substitution.tool.js';
import { readToolReport, type ToolReport } from '../../src/cost-analysis/tools/fact.js';
import { Clock } from '../../src/telemetry/clock.js';
import type { Database } from '../../src/persistence/database.js';
import { TOOL_METADATA, type ToolDeclaration, type ToolHandler } from '../../src/tools/tool.decorator.js';

/** A usage row as tests write it: what they leave out is as in a plain trace of single requests. */
export interface PlainRow {
  readonly at: string;
  readonly model?: string | null;
  readonly input?: number;
  readonly output?: number;
  /** Nano-USD; null = not priced. */
  readonly computed?: bigint | null;
  readonly reported?: bigint | null;
  readonly team?: string | null;
  readonly feature?: string | null;
  /** A bucket of so many requests; null: it does not say. */
  readonly bucketRequests?: number | null;
  readonly end?: string;
  /** Of the input. */
  readonly cacheRead?: number;
  readonly isBatch?: boolean;
  readonly serviceTier?: string;
  /** A line of a bill; it counts as spend, as where there is no usage. */
  readonly isBill?: boolean;
  readonly status?: 'ok' | 'error' | 'cached' | 'aborted';
  readonly provider?: string;
  readonly operation?: string;
  readonly latencyMs?: number;
  readonly stream?: boolean;
  readonly prompt?: string;
  readonly prefix?: string;
  readonly tags?: JsonObject;
}

export interface PlainImport {
  readonly format?: string;
  readonly label?: string | null;
  readonly priceAs?: string | null;
  readonly synthetic?: boolean;
}

export const prices = new PriceBook();

/** Somebody's run: a tenant with a user, a thread and a run of their own. */
export async function someone(database: Database, createdAt = new Date()): Promise<UserExecutionContext> {
  const [tenantId, userId, threadId, runId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await database.execute(`INSERT INTO tenant (id, name, created_at) VALUES ($1, 'a tenant', now())`, [tenantId]);
  await database.execute(
    `INSERT INTO user_account (id, tenant_id, email, roles, created_at) VALUES ($1, $2, $3, '{user}', now())`,
    [userId, tenantId, `${userId}@example.com`],
  );
  await database.execute(
    `INSERT INTO thread (id, tenant_id, user_id, title, created_at, updated_at) VALUES ($1, $2, $3, 'costs', now(), now())`,
    [threadId, tenantId, userId],
  );
  await database.execute(
    `INSERT INTO run (id, tenant_id, user_id, thread_id, message_id, session_id, request_id, query, state, first_seq, created_at)
     VALUES ($1, $2, $3, $4, $5, $1, 'request', 'Analyze my AI costs', 'running', 1, now())`,
    [runId, tenantId, userId, threadId, runId],
  );
  const ids = { tenantId, userId, threadId, runId, requestId: randomUUID(), sessionId: randomUUID() };
  return new UserExecutionContext({ ...ids, createdAt });
}

/** Writes rows as one import. A row without `computed` is priced as gpt-4o where it has a model. */
export async function importRows(
  database: Database,
  { tenantId, userId }: UserExecutionContext,
  {
    rows,
    format = 'generic',
    label = null,
    priceAs = null,
    synthetic = false,
  }: PlainImport & { rows: readonly PlainRow[] },
): Promise<void> {
  const importId = randomUUID();
  await database.execute(
    `INSERT INTO usage_import (id, tenant_id, user_id, format, status, price_as, synthetic, label, created_at)
     VALUES ($1, $2, $3, $4, 'completed', $5, $6, $7, now())`,
    [importId, tenantId, userId, format, priceAs, synthetic, label],
  );
  const column = <Value>(value: (row: PlainRow) => Value): Value[] => rows.map(value);
  await database.execute(INSERT_ROWS, [
    tenantId,
    format,
    importId,
    column(() => randomUUID()),
    column(({ at }) => at),
    column(({ model }) => model ?? null),
    column(({ input }) => input ?? 0),
    column(({ output }) => output ?? 0),
    column((row) => plainCost(row)?.toString() ?? null),
    column(({ reported }) => reported?.toString() ?? null),
    column(({ team }) => team ?? null),
    column(({ feature }) => feature ?? null),
    column(({ bucketRequests }) => (bucketRequests === undefined ? 1 : bucketRequests)),
    column(({ bucketRequests, isBill }) => (bucketRequests === undefined && isBill !== true ? 'request' : 'bucket')),
    column(({ status }) => status ?? 'ok'),
    column(({ provider }) => provider ?? 'openai'),
    column(({ operation }) => operation ?? null),
    column(({ latencyMs }) => latencyMs ?? null),
    column(({ stream }) => stream ?? null),
    column(({ prompt }) => prompt ?? null),
    column(({ prefix }) => prefix ?? null),
    column(({ tags }) => (tags === undefined ? null : JSON.stringify(tags))),
    column(({ end }) => end ?? null),
    column(({ cacheRead }) => cacheRead ?? 0),
    column(({ isBatch }) => isBatch ?? null),
    column(({ serviceTier }) => serviceTier ?? null),
    column(({ isBill }) => isBill ?? false),
  ]);
}

/** What a row costs, nano-USD, as it is stored; null: no price. */
export function plainCost({
  computed,
  isBill,
  model,
  provider,
  at,
  input = 0,
  output = 0,
  ...row
}: PlainRow): bigint | null {
  if (computed !== undefined) return computed;
  if (isBill === true || row.status === 'cached') return isBill === true ? null : 0n;
  const { cacheRead = 0, isBatch = null, serviceTier = null, bucketRequests } = row;
  const tokens = { inputUncached: input - cacheRead, cacheRead, cacheWrite5m: 0, cacheWrite1h: 0, output };
  const usage = { ...tokens, isBatch, serviceTier, modelRaw: model ?? undefined, provider, at: new Date(at) };
  const rowKind = bucketRequests === undefined ? 'request' : 'bucket';
  return prices.price({ ...usage, rowKind, requests: bucketRequests ?? null }).costNanoUsd ?? null;
}

const INSERT_ROWS = `
  INSERT INTO usage_event (tenant_id, source, import_id, source_row_id, row_kind, ts_start, ts_end, provider, model_raw, model_id, input_total,
    input_uncached, cache_read, output_total, requests, status, team, feature, cost_computed, cost_reported, price_status, operation, latency_ms,
    stream, prompt_hash, prefix_hash, tags, is_batch, service_tier, is_bill)
  SELECT $1, $2, $3, id, kind, at::timestamptz, ended::timestamptz, provider, model, model, input, input - cached, cached, output, requests,
    status, team, feature, computed::bigint, reported::bigint, CASE WHEN computed IS NULL THEN 'unpriced' ELSE 'priced' END, operation, latency,
    stream, prompt, prefix, tags::jsonb, batch, tier, bill
  FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[],
      $14::text[], $15::text[], $16::text[], $17::text[], $18::integer[], $19::boolean[], $20::text[], $21::text[], $22::text[], $23::text[],
      $24::bigint[], $25::boolean[], $26::text[], $27::boolean[])
    AS row (id, at, model, input, output, computed, reported, team, feature, requests, kind, status, provider, operation, latency, stream, prompt,
      prefix, tags, ended, cached, batch, tier, bill)`;

/** The tools as one run has them, called as the platform calls them: parameters through the schema, results through JSON. */
export class ToolBox {
  private readonly tools: ReadonlyMap<string, { handler: ToolHandler<unknown>; declaration: ToolDeclaration }>;

  constructor(database: Database, context: UserExecutionContext) {
    const tenantPrices = new TenantPrices(prices, new PriceOverrideStore(database, new Clock()));
    const days = new RunDays(context, database);
    const analyses = new SavingAnalyses(context, database, tenantPrices);
    const handlers: ToolHandler<never>[] = [
      new DataQualityTool(context, database),
      new QueryUsageTool(context, database),
      new UnitCostsTool(context, database),
      new CostBreakdownTool(context, database),
      new ExplainChangeTool(context, database),
      new DetectAnomaliesTool(days),
      new ForecastSpendTool(days),
      new MakeChartTool(context, database, days),
      new ReconcileCostsTool(context, database, prices),
      new SimulateModelSubstitutionTool(analyses),
      new RetryWasteTool(analyses),
      new DuplicateRequestsTool(analyses),
      new OversizedContextTool(analyses),
      new OutputCapTool(analyses),
      new CacheOpportunityTool(analyses),
      new BatchOpportunityTool(analyses),
      new CombineSavingsTool(analyses, days),
      new CascadeBreakEvenTool(analyses),
      new CommitmentBreakEvenTool(days),
      new LatencyCostTradeoffTool(context, database),
      new PricePerformanceFrontierTool(analyses),
      new SearchPricesTool(analyses, new Clock()),
    ];
    this.tools = new Map(
      handlers.map((handler) => {
        const declaration = Reflect.getMetadata(TOOL_METADATA, handler.constructor) as ToolDeclaration;
        return [declaration.name, { handler: handler, declaration }];
      }),
    );
  }

  async call(tool: string, parameters: JsonObject = {}, signal = new AbortController().signal): Promise<JsonObject> {
    const found = this.tools.get(tool);
    if (found === undefined) throw new Error(`no tool ${tool}`);
    const call = { toolCallId: 'call', idempotencyKey: 'run:call', signal };
    const result = await found.handler.execute(found.declaration.schema.parse(parameters), call);
    return JSON.parse(JSON.stringify(result)) as JsonObject;
  }

  async report(
    tool: string,
    parameters: JsonObject = {},
  ): Promise<ToolReport & { value(path: string): string | undefined }> {
    const report = readToolReport(await this.call(tool, parameters));
    if (report === undefined) throw new Error(`${tool} gave no report`);
    return { ...report, value: (path) => report.facts.find(({ id }) => id === `${report.scope}.${path}`)?.value };
  }
}

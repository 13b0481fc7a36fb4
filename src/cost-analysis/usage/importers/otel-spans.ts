import { RejectedRow } from '../rejected-row.js';
import { extraTags, namedTags } from './extra-tags.js';
import { timeOf } from './field-values.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';
import { otelSpansOf } from './otel-span-records.js';
import type { OtelSpan } from './otel-span-records.js';
import { responseIdOf } from './response-id.js';

const file = new FieldReader({ spans: ['resourceSpans'] });

/** The GenAI semantic conventions, present and earlier, and what the AI SDK and OpenLLMetry call the same. */
const reader = new FieldReader({
  operation: ['gen_ai.operation.name', 'llm.request.type'],
  sdkOperation: ['ai.operationId', 'operation.name'],
  provider: ['gen_ai.provider.name', 'gen_ai.system', 'ai.model.provider'],
  model: ['gen_ai.response.model', 'ai.response.model', 'gen_ai.request.model', 'ai.model.id'],
  responseId: ['gen_ai.response.id', 'ai.response.id'],
  finishReason: ['gen_ai.response.finish_reasons', 'ai.response.finishReason'],
  maxTokens: ['gen_ai.request.max_tokens'],
  session: ['gen_ai.conversation.id', 'session.id'],
  input: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.usage.prompt_tokens',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
  ],
  output: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  total: ['llm.usage.total_tokens', 'gen_ai.usage.total_tokens', 'ai.usage.totalTokens'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'ai.usage.cachedInputTokens',
  ],
  cacheWrite: ['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'],
  reasoning: ['gen_ai.usage.reasoning.output_tokens', 'ai.usage.reasoningTokens'],
  errorType: ['error.type'],
  agent: ['gen_ai.agent.name'],
  tool: ['gen_ai.tool.name'],
  feature: ['ai.telemetry.functionId', 'feature', 'ai.telemetry.metadata.feature'],
  team: ['team', 'ai.telemetry.metadata.team'],
  user: ['enduser.id', 'user.id', 'ai.telemetry.metadata.userId'],
  ttftMs: ['ai.response.msToFirstChunk'],
  service: ['service.name'],
  environment: ['deployment.environment.name', 'deployment.environment'],
});
type Field = Parameters<typeof reader.has>[1];

/** Spans around calls of a model carry the sum of what those calls used; it is counted where it was used. */
const OUTER_OPERATIONS = new Set(['invoke_agent', 'create_agent', 'execute_tool', 'invoke_workflow']);
/** Attributes that become tags. Any other may hold the words of prompts and answers, which each instrumentation calls as it likes. */
const TAGS =
  /^((service|deployment)\.[\w.]+|cloud\.region|(region|stage|env|environment|project|product|component|workflow|release|version|department|cost_?center))$/i;

/** OpenTelemetry spans of calls to language models, as OTLP JSON. Spans of anything else are passed over. */
export const otelSpans: UsageImporter = {
  format: 'otel',
  source: 'otel',
  label: 'OpenTelemetry spans',
  needs: 'JSON with resourceSpans, as OTLP/HTTP sends it',
  recognises: ({ kind, first }) => kind === 'json' && file.has(first.names, 'spans'),
  read: (record) =>
    otelSpansOf(file.read(record).value('spans'), record.line).flatMap((span): (UsageDraft | RejectedRow)[] => {
      try {
        return draftOf(span);
      } catch (error) {
        if (error instanceof RejectedRow) return [error];
        throw error;
      }
    }),
};

function draftOf(span: OtelSpan): UsageDraft[] {
  const fields = reader.read(span.attributes);
  if (!isModelCall(fields)) return [];
  const { traceId, spanId, startNano, endNano } = span;
  if (traceId === undefined || spanId === undefined) throw new RejectedRow('a span needs traceId and spanId');
  if (startNano === undefined) throw new RejectedRow('a span needs startTimeUnixNano');
  const [tsStart, tsEnd] = [
    timeOf(startNano, 'startTimeUnixNano'),
    endNano === undefined ? undefined : timeOf(endNano, 'endTimeUnixNano'),
  ];
  const errorType = fields.text('errorType');
  return [
    {
      id: `${traceId}:${spanId}`,
      responseId: responseIdOf(fields.text('responseId')),
      identity: `${traceId}:${spanId}`,
      rowKind: 'request',
      tsStart,
      tsEnd,
      provider: fields.text('provider'),
      modelRaw: fields.text('model'),
      operation: fields.text('operation') ?? fields.text('sdkOperation') ?? span.name,
      ...tokensOf(fields),
      status: span.isError || errorType !== undefined ? 'error' : 'ok',
      errorType,
      latencyMs: tsEnd === undefined || tsEnd < tsStart ? undefined : tsEnd.getTime() - tsStart.getTime(),
      ttftMs: fields.milliseconds('ttftMs'),
      stream: /stream/i.test(fields.text('sdkOperation') ?? '') ? true : undefined,
      finishReason: fields.text('finishReason'),
      team: fields.text('team'),
      feature: fields.text('feature'),
      user: fields.text('user'),
      sessionId: fields.text('session'),
      traceId,
      tags: tagsOf(fields),
    },
  ];
}

/** Tokens, or a call that failed before it had any. */
function isModelCall(fields: Fields<Field>): boolean {
  const operation = fields.text('operation')?.toLowerCase();
  if (operation !== undefined && OUTER_OPERATIONS.has(operation)) return false;
  // The AI SDK's "ai.generateText" is around "ai.generateText.doGenerate", which is the call.
  const sdkOperation = fields.text('sdkOperation');
  if (sdkOperation?.startsWith('ai.') === true && !/\.do[A-Z]/.test(sdkOperation)) return false;
  if (
    fields.value('input') !== undefined ||
    fields.value('output') !== undefined ||
    fields.value('total') !== undefined
  )
    return true;
  return operation !== undefined && fields.value('errorType') !== undefined && fields.value('model') !== undefined;
}

/** By the conventions input tokens include the cached ones. Some instrumentations of Anthropic don't: where there is a total, it tells. */
function tokensOf(fields: Fields<Field>) {
  const [input, output, total] = [fields.count('input'), fields.count('output'), fields.count('total')];
  const cache = { cacheRead: fields.count('cacheRead'), cacheWrite: fields.count('cacheWrite') };
  const cached = (cache.cacheRead ?? 0) + (cache.cacheWrite ?? 0);
  const isExclusive = cached > 0 && input !== undefined && total === input + cached + (output ?? 0);
  if (input === undefined && output === undefined && total !== undefined)
    throw new RejectedRow('only a total of tokens: input and output have different prices');
  return {
    ...inputParts({ total: input ?? 0, ...cache }, isExclusive ? 'exclusive' : 'likely_inclusive'),
    output: output ?? 0,
    reasoning: fields.count('reasoning'),
  };
}

function tagsOf(fields: Fields<Field>) {
  const named = {
    agent: fields.value('agent'),
    tool: fields.value('tool'),
    service: fields.value('service'),
    environment: fields.value('environment'),
    max_tokens: fields.value('maxTokens'),
  };
  return { ...namedTags(named), ...extraTags(fields.extras().filter(([name]) => TAGS.test(name))) };
}
